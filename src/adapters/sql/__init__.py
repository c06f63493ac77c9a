"""Rows in a SQL database, over SQLAlchemy Core tables."""
