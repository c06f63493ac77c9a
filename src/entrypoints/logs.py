"""What the process says while it runs: lines for people, or JSON for machines."""

import json
import logging
import sys
from datetime import UTC, datetime

from ..adapters.log_context import logged_about


class JsonLines(logging.Formatter):
    """One JSON object a line."""

    def format(self, record: logging.LogRecord) -> str:
        """Time, level, logger, message; which request or job; the trace of an exception."""
        line = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
            **logged_about(),
            **getattr(record, "fields", {}),
        }
        if record.exc_info:
            line["trace"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False)


class TextLines(logging.Formatter):
    """A line for people, with the request or the job that it is about at its end."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)-7s %(name)s: %(message)s")

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802  (the base's name)
        """The line itself; a trace follows it."""
        line = super().formatMessage(record)
        unsaid = {name: value for name, value in logged_about().items() if value not in line}
        about = " ".join(f"{name}={value}" for name, value in unsaid.items())
        return f"{line} [{about}]" if about else line


def set_up_logging(style: str, level: int = logging.INFO) -> None:
    """Log to standard error, in ``text`` or ``json``; libraries only when something is wrong."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines() if style == "json" else TextLines())
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)
    logging.getLogger("tearsheet").setLevel(level)
