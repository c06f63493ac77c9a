"""What the processes of an installation share: PostgreSQL, Valkey and an S3, all of one's own."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

import attrs

from tests.integration.processes import told
from tests.services.postgres import Postgres, serving
from tests.services.s3 import Server, running_s3
from tests.services.valkey import Valkey, running_valkey


@attrs.frozen
class Parts:
    """Servers that are up, and the settings that name them."""

    postgres: Postgres
    broker: Valkey
    blobs: Server
    settings: dict[str, str]


@contextmanager
def shared_parts(**settings: str) -> Iterator[Parts]:
    """All three, with an empty database at this version; gone afterwards."""
    with ExitStack() as stack:
        postgres = stack.enter_context(serving("18"))
        broker = stack.enter_context(running_valkey())
        blobs = stack.enter_context(running_s3())
        places = blobs.settings(f"{blobs.new_bucket()}/pictures")
        named = {
            "DATABASE_URL": postgres.url,
            "BROKER_URL": broker.url,
            "SECRET_KEY": "a secret that all processes have",
            **{name.removeprefix("TEARSHEET_"): value for name, value in places.items()},
            **settings,
        }
        told("migrate", **named)
        yield Parts(postgres, broker, blobs, named)
