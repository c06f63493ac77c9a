"""Sharing and chat: the rules and the use cases."""
