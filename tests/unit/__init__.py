"""The rules, against adapters in memory: no file, no network, no waiting."""
