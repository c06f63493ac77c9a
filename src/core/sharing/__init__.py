"""Sharing: public links to one picture, and conversations that begin with one."""
