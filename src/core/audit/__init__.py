"""The audit log: who did what, what changed by it, and proof that nobody rewrote it."""
