"""Adapters, and the service around them, against real things."""
