"""Synthetic rows: a gallery and a calendar as they are after two years of use."""
