"""Requests that are sent again: one key, one effect, one answer."""
