"""What the core needs from outside, in many forms: one folder or file for each."""
