"""Addresses in settings: which are taken, and what of one may be shown."""

import re
from urllib.parse import parse_qsl, urlsplit

OPTIONS = {
    "redis": frozenset[str](),
    "rediss": frozenset({"ssl_ca_certs", "ssl_certfile", "ssl_keyfile"}),
    "unix": frozenset({"db"}),
}
"""What may stand behind the question mark of a broker's address, by its scheme."""


def broker_url(text: str) -> str | None:
    """The address of a Valkey or Redis server; ``ValueError`` says what is taken."""
    try:
        parts = urlsplit(text)
        options = dict(parse_qsl(parts.query, strict_parsing=bool(parts.query)))
        unix = parts.scheme == "unix"
        place = parts.path if unix else parts.hostname
        database = options.get("db", "0") if unix else parts.path.removeprefix("/") or "0"
        known = options.keys() <= OPTIONS[parts.scheme]
        right = place and known and parts.port != 0 and not parts.fragment
    except (ValueError, KeyError):
        right, database = False, ""
    if not right or not re.fullmatch(r"[0-9]{1,4}", database, re.ASCII):
        raise ValueError("redis://host:6379/0, rediss://host:6379/0 or unix:///path/to/socket")
    return text


DATABASE_OPTIONS = frozenset({"host", "port", "ssl", "passfile", "target_session_attrs"})
"""What may stand behind the question mark of a database's address; see asyncpg's ``connect``."""

SSL = ("disable", "allow", "prefer", "require", "verify-ca", "verify-full")


def database_url(text: str) -> str:
    """The address of a database; ``ValueError`` says what is taken."""
    if re.fullmatch(r"sqlite\+aiosqlite:///.+", text):
        return text
    try:
        parts = urlsplit(text)
        options = dict(parse_qsl(parts.query, strict_parsing=bool(parts.query)))
        named = re.fullmatch(r"/[^/]+", parts.path) and not parts.fragment
        right = parts.scheme == "postgresql+asyncpg" and named and parts.port != 0
        known = options.keys() <= DATABASE_OPTIONS and options.get("ssl", "require") in SSL
    except ValueError:
        right, known = False, True
    if not right:
        raise ValueError(
            "sqlite+aiosqlite:///path/to/file.db or postgresql+asyncpg://user:password@host/database"
        )
    if not known:
        options_taken, modes = ", ".join(sorted(DATABASE_OPTIONS)), ", ".join(SSL)
        raise ValueError(f"behind the question mark {options_taken}; ssl is one of {modes}")
    return text


def queue_name(text: str) -> str:
    """A name that keeps installations on one broker apart."""
    if not re.fullmatch(r"[A-Za-z0-9._-]{1,64}", text, re.ASCII):
        raise ValueError("1 to 64 letters, digits, dots, dashes and underscores")
    return text


def without_password(text: str) -> str:
    """An address without who signs in and with what; other text as it is."""
    if "://" not in text:
        return text
    return re.sub(r"(?is)(password=)[^&]*", r"\1***", re.sub(r"(?s)://.*@", "://***@", text))
