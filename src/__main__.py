"""``python -m tearsheet`` is the command ``tearsheet``."""

from .entrypoints.cli import main

main()
