"""The core in a small world of its own: one seed decides every order of events and every mishap.

``python -m tests.simulation --seed 1234`` tells one world step by step.
"""
