"""The tests of tearsheet; a test's docstring is the rule that it guards."""
