"""Where an S3-style store is and how patient we are with it. It needs no client to be known."""

from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import attrs

CONNECT = timedelta(seconds=3)
"""Until there is a connection."""

READ = timedelta(seconds=20)
"""For one answer, to its last byte; no answer is longer than ``blobs.PIECE`` or a page of names."""

WRITE = timedelta(seconds=120)
"""For one picture to be sent, and its receipt to come: 64 MiB at 4.5 Mbit/s."""

RETRIES = 3
"""After an answer that says the store is busy or broken, or a connection that broke."""

RETRY_UNTIL = timedelta(seconds=15)
"""No retry begins later than this after the first try."""


@attrs.frozen(kw_only=True)
class Bucket:
    """A place in an S3-style store; ``options`` are what a client calls them."""

    name: str
    prefix: str = ""
    endpoint: str | None = None
    """Where the store is; None is Amazon's, in the region."""
    public_endpoint: str | None = None
    """Where whoever follows a link reaches it, if that is elsewhere."""
    options: dict[str, str] = attrs.field(factory=dict, repr=False)
    """Credentials, region: what stands here comes before what the process's environment says."""

    def __str__(self) -> str:
        place = self.name if self.endpoint is None else f"{self.name} at {self.endpoint}"
        return f"the S3 bucket {place}"

    def arguments(self, patience: timedelta, *, public: bool = False) -> dict[str, Any]:
        """What a client of the library is made with; one answer may take this long."""
        endpoint = (public and self.public_endpoint) or self.endpoint
        return {
            "prefix": self.prefix or None,
            "config": self.options
            | ({"endpoint": endpoint, "aws_endpoint_url_s3": endpoint} if endpoint else {})
            # removing many at once is what self-hosted stores lack; we remove one by one anyway
            | {"disable_bulk_delete": "true"},
            "client_options": {
                "allow_http": endpoint is not None and urlsplit(endpoint).scheme == "http",
                "connect_timeout": CONNECT,
                "timeout": patience,
            },
            "retry_config": {
                "max_retries": RETRIES,
                "retry_timeout": RETRY_UNTIL,
                "backoff": {
                    "init_backoff": timedelta(milliseconds=100),
                    "max_backoff": timedelta(seconds=2),
                    "base": 2,
                },
            },
        }
