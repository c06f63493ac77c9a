"""Rules of teams and tokens."""
