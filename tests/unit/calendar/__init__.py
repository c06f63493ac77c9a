"""The calendar: rules and use cases."""
