"""What the environment says of the OpenAI image model. Read only when that model is chosen."""

import re
from collections.abc import Callable, Mapping
from typing import Protocol, TypeVar
from urllib.parse import urlsplit

from ..adapters.openai_images.options import DEFAULT_MODEL, OpenAIOptions
from ..adapters.openai_images.presets import PRESETS, AuthHeader
from .values import one_of

T = TypeVar("T")

NAMES = (
    "OPENAI_MODEL",
    "OPENAI_PRESET",
    "OPENAI_AUTH_HEADER",
    "OPENAI_RESPONSE_FORMAT",
    "OPENAI_MODERATION",
    "OPENAI_RESULT_HOSTS",
)
"""Without the prefix of our settings. The key and the address are those that the client reads:
``OPENAI_API_KEY`` and ``OPENAI_BASE_URL``."""

_HOST = re.compile(r"[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:[0-9]{1,5})?", re.ASCII)


class Take(Protocol):
    """Takes a variable with our prefix: its name, its reader, its default."""

    def __call__(self, name: str, read: Callable[[str], T], default: T) -> T: ...


def read_openai(environment: Mapping[str, str], take: Take) -> OpenAIOptions:
    """The server and the model; raises ``ValueError`` with what is missing or wrong."""
    preset = PRESETS[take("OPENAI_PRESET", one_of(tuple(PRESETS)), "openai")]
    headers = one_of(tuple(AuthHeader))
    formats = one_of(("unset", "b64_json"))
    asked = take("OPENAI_RESPONSE_FORMAT", formats, preset.response_format or "unset")
    no_hosts: tuple[str, ...] | None = None
    return OpenAIOptions(
        preset=preset,
        model=take("OPENAI_MODEL", _model, DEFAULT_MODEL),
        base_url=_base_url(environment, preset.base_url),
        api_key=_key(environment, preset.needs_key),
        auth_header=AuthHeader(take("OPENAI_AUTH_HEADER", headers, preset.auth_header.value)),
        response_format=None if asked == "unset" else asked,
        moderation=take("OPENAI_MODERATION", one_of(("auto", "low")), "") or None,
        result_hosts=take("OPENAI_RESULT_HOSTS", _hosts, no_hosts),
    )


def _base_url(environment: Mapping[str, str], usual: str | None) -> str:
    text = environment.get("OPENAI_BASE_URL", "").strip() or usual
    if text is None:
        raise ValueError("OPENAI_BASE_URL is not set; this preset needs the server's address")
    wrong = "OPENAI_BASE_URL takes an address such as https://pictures.example/v1"
    try:
        parts = urlsplit(text)
        is_fine = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0
    except ValueError as error:
        raise ValueError(wrong) from error
    if not is_fine or parts.username is not None or parts.query or parts.fragment:
        raise ValueError(wrong)
    return text


def _key(environment: Mapping[str, str], needed: bool) -> str | None:
    text = environment.get("OPENAI_API_KEY", "").strip()
    if not text:
        if needed:
            raise ValueError("OPENAI_API_KEY is not set; this preset needs a key")
        return None
    if not re.fullmatch(r"[!-~]+", text):
        raise ValueError("OPENAI_API_KEY takes a key: printable ASCII without spaces")
    return text


def _model(text: str) -> str:
    if not re.fullmatch(r"[!-~]{1,64}", text):
        raise ValueError("a model's name: up to 64 printable characters without spaces")
    return text


def _hosts(text: str) -> tuple[str, ...] | None:
    if text == "same":
        return ()
    hosts = tuple(host.strip().lower() for host in text.split(","))
    if not all(_HOST.fullmatch(host) for host in hosts):
        raise ValueError("same (as the server), or hosts such as cdn.example.com, 10.0.0.7:8080")
    return hosts
