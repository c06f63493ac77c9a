"""Real servers that the tests start: each from a wheel, each in a folder of its own."""
