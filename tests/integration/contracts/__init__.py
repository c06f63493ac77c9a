"""One suite for each port, without fixtures of their own: they know only what a port promises.

A host that writes an adapter subclasses the suite and brings the fixture that it names.
"""
