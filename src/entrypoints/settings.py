"""What the environment says. A wrong setting is one line that names it and what it takes."""

import difflib
from collections.abc import Callable, Mapping
from datetime import timedelta
from pathlib import Path
from typing import TypeVar

import attrs

from ..adapters.bucket import Bucket
from ..adapters.openai_images.options import OpenAIOptions
from ..core.policy import Policy
from .addresses import broker_url, database_url, queue_name, without_password
from .buckets import Links, blob_links, blob_place, reached
from .limits import MISSES, PER_TOKEN, Rate
from .openai_settings import NAMES as OPENAI_NAMES
from .openai_settings import read_openai
from .proxies import Network, trusted_proxies
from .secret_files import IN_FILES, named_files, with_files_read
from .secret_keys import previous_key, secret_key
from .values import flag, folder, http_url, number, offset, one_of, rate

PREFIX = "TEARSHEET_"
IMAGE_MODELS = ("painter", "openai", "instant", "flaky", "refusing", "slow", "garbage")
LOG_FORMATS = ("text", "json")
TRACES = ("off", "otlp")
T = TypeVar("T")


class WrongSetting(Exception):
    """One line: the variable, its value, and what it takes."""


@attrs.frozen(kw_only=True)
class Settings:
    """Everything that an operator may choose, checked."""

    data_dir: Path = Path("tearsheet-data")
    database_url: str = attrs.field(default="", repr=False)
    database_connections: int = 10
    """At most so many of this process, where the database is a server."""
    blobs: Path | Bucket = Path("tearsheet-data/blobs")
    blob_links: Links = attrs.field(factory=Links)
    image_model: str = "painter"
    openai: OpenAIOptions | None = None
    """Set when ``image_model`` says so."""
    public_url: str | None = None
    secret_key: str | None = attrs.field(default=None, repr=False)
    previous_secret_key: str | None = attrs.field(default=None, repr=False)
    """What was made with it works for as long as it is given."""
    broker_url: str | None = attrs.field(default=None, repr=False)
    queue_name: str = "tearsheet"
    worker_concurrency: int = 4
    stop_grace: timedelta = timedelta(seconds=20)
    """How long a worker that stops waits for what is under way before it hands it back."""
    log: str = "text"
    traces: bool = False
    clock_offset: timedelta = timedelta(0)
    rate_limit: Rate | None = PER_TOKEN
    miss_limit: Rate | None = MISSES
    trusted_proxies: tuple[Network, ...] = ()
    policy: Policy = Policy()

    @classmethod
    def read(cls, environment: Mapping[str, str]) -> "Settings":
        """The settings in an environment such as ``os.environ``; raises ``WrongSetting``."""
        reader = _Reader(environment)
        data_dir = reader.take("DATA_DIR", folder, Path("tearsheet-data"))
        database = f"sqlite+aiosqlite:///{data_dir.absolute() / 'tearsheet.db'}"
        in_folder: Path | Bucket = data_dir / "blobs"
        usual: Rate | None = PER_TOKEN
        misses: Rate | None = MISSES
        nobody: tuple[Network, ...] = ()
        settings = cls(
            data_dir=data_dir,
            database_url=reader.take("DATABASE_URL", database_url, database),
            database_connections=reader.take("DATABASE_CONNECTIONS", number(2, 1000), 10),
            blobs=reader.take("BLOB_URL", blob_place, in_folder),
            blob_links=reader.take("BLOB_LINKS", blob_links, Links()),
            image_model=reader.take("IMAGE_MODEL", one_of(IMAGE_MODELS), "painter"),
            openai=reader.openai(),
            public_url=reader.take("PUBLIC_URL", http_url, None),
            secret_key=reader.take("SECRET_KEY", secret_key, None),
            previous_secret_key=reader.take("SECRET_KEY_PREVIOUS", previous_key, None),
            broker_url=reader.take("BROKER_URL", broker_url, None),
            queue_name=reader.take("QUEUE_NAME", queue_name, "tearsheet"),
            worker_concurrency=reader.take("WORKER_CONCURRENCY", number(1, 1000), 4),
            stop_grace=timedelta(seconds=reader.take("STOP_GRACE_SECONDS", number(0, 3600), 20)),
            log=reader.take("LOG", one_of(LOG_FORMATS), "text"),
            traces=reader.take("TRACES", one_of(TRACES), TRACES[0]) == "otlp",
            rate_limit=reader.take("RATE_LIMIT", rate, usual),
            miss_limit=reader.take("MISS_LIMIT", rate, misses),
            trusted_proxies=reader.take("TRUSTED_PROXIES", trusted_proxies, nobody),
            clock_offset=reader.take("CLOCK_OFFSET", offset, timedelta(0)),
            policy=Policy(
                trash_kept_for=timedelta(days=reader.take("TRASH_DAYS", number(1, 36_500), 30)),
                refund_failed=reader.take("REFUND_FAILED", flag, True),
                lease=timedelta(seconds=reader.take("JOB_LEASE_SECONDS", number(1, 3600), 60)),
                model_timeout=timedelta(
                    seconds=reader.take("MODEL_TIMEOUT_SECONDS", number(1, 600), 300)
                ),
            ),
        )
        if settings.clock_offset and (settings.public_url or "").startswith("https:"):
            raise WrongSetting(f"{PREFIX}CLOCK_OFFSET is for drills and not for an https service")
        if settings.secret_key is not None and settings.secret_key == settings.previous_secret_key:
            same = f"{PREFIX}SECRET_KEY_PREVIOUS is the same as {PREFIX}SECRET_KEY"
            raise WrongSetting(f"{same}; it takes the key before that one, or nothing")
        if not settings.is_embedded and settings.secret_key is None:
            shared = f"with a database that processes share, {PREFIX}SECRET_KEY must be set"
            raise WrongSetting(f"{shared}, to the same value for all of them")
        try:
            blobs = reached(settings.blobs, settings.blob_links, environment)
        except ValueError as error:
            raise WrongSetting(str(error)) from None
        return attrs.evolve(settings, blobs=blobs)

    @property
    def is_embedded(self) -> bool:
        """Whether the database is a file of ours, and not a server that processes share."""
        return self.database_url.startswith("sqlite")

    @property
    def keeps_data_here(self) -> bool:
        """Whether anything is kept in the data folder: rows, pictures, or the secret."""
        return self.is_embedded or isinstance(self.blobs, Path) or self.secret_key is None


class _Reader:
    """Takes variables out of an environment and remembers which there are."""

    names = (
        "DATA_DIR",
        "DATABASE_URL",
        "DATABASE_CONNECTIONS",
        "BLOB_URL",
        "BLOB_LINKS",
        "IMAGE_MODEL",
        "PUBLIC_URL",
        "SECRET_KEY",
        "SECRET_KEY_PREVIOUS",
        "BROKER_URL",
        "QUEUE_NAME",
        "WORKER_CONCURRENCY",
        "STOP_GRACE_SECONDS",
        "LOG",
        "TRACES",
        "CLOCK_OFFSET",
        "RATE_LIMIT",
        "MISS_LIMIT",
        "TRUSTED_PROXIES",
        "TRASH_DAYS",
        "REFUND_FAILED",
        "JOB_LEASE_SECONDS",
        "MODEL_TIMEOUT_SECONDS",
        *OPENAI_NAMES,
        *(f"{name.removeprefix(PREFIX)}_FILE" for name in IN_FILES if name.startswith(PREFIX)),
    )

    def __init__(self, environment: Mapping[str, str]) -> None:
        self._check_names(environment)
        self._files = named_files(environment)
        try:
            self._environment = with_files_read(environment)
        except ValueError as error:
            raise WrongSetting(str(error)) from None

    def _check_names(self, environment: Mapping[str, str]) -> None:
        """A variable with our prefix that is no setting is a slip of the pen."""
        for name in sorted(environment):
            if name.startswith(PREFIX) and name.removeprefix(PREFIX) not in self.names:
                near = difflib.get_close_matches(name.removeprefix(PREFIX), self.names, 1)
                known = ", ".join(PREFIX + known for known in self.names)
                hint = f"did you mean {PREFIX}{near[0]}?" if near else f"there are {known}"
                raise WrongSetting(f"{name} is not a setting of this version; {hint}")

    def take(self, name: str, read: Callable[[str], T], default: T) -> T:
        """The variable's value, or the default when it is unset or empty."""
        text = self._environment.get(PREFIX + name, "").strip()
        if not text:
            return default
        try:
            return read(text)
        except ValueError as error:
            if path := self._files.get(PREFIX + name):
                wrong = f"{PREFIX}{name}_FILE is {path!r}, and what stands in it is wrong"
                raise WrongSetting(f"{wrong}; it takes {error}") from None
            shown = "***" if name.startswith("SECRET_KEY") else repr(without_password(text))
            raise WrongSetting(f"{PREFIX}{name} is {shown}; it takes {error}") from None

    def openai(self) -> OpenAIOptions | None:
        """What the OpenAI image model needs, if that is the one."""
        if self.take("IMAGE_MODEL", str, "") != "openai":
            return None
        try:
            return read_openai(self._environment, self.take)
        except ValueError as error:
            raise WrongSetting(f"{PREFIX}IMAGE_MODEL=openai: {error}") from None
