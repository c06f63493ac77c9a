"""A service of its own in a process of its own, and bytes for it that nobody sends by mistake.

``probes`` are written by hand, ``mutations`` are made by chance; ``wire`` sends both as they are,
and ``looking`` holds whatever comes back against the rules for every answer.
"""
