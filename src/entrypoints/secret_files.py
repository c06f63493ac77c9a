"""Settings that are secret, out of files: how Docker, Kubernetes and systemd hand them over.

``NAME_FILE`` is the path of a file in which the value of ``NAME`` stands. So the secret is not in
the environment, which others of the same user may read and which processes inherit.
"""

from collections.abc import Mapping
from pathlib import Path

IN_FILES = (
    "TEARSHEET_SECRET_KEY",
    "TEARSHEET_SECRET_KEY_PREVIOUS",
    "TEARSHEET_DATABASE_URL",
    "TEARSHEET_BROKER_URL",
    "OPENAI_API_KEY",
)
"""Each may be given with ``_FILE`` behind it instead."""

MAX_BYTES = 65_536
"""More than any secret has; so a device without an end is not read to its end."""


def named_files(environment: Mapping[str, str]) -> dict[str, str]:
    """The files that an environment names, by the variable whose value stands in them.

    A provider's key may be there for other programs: it is ours when its model is chosen.
    """
    asks_openai = environment.get("TEARSHEET_IMAGE_MODEL", "").strip() == "openai"
    ours = [name for name in IN_FILES if asks_openai or name.startswith("TEARSHEET_")]
    found = {name: environment.get(f"{name}_FILE", "").strip() for name in ours}
    return {name: path for name, path in found.items() if path}


def with_files_read(environment: Mapping[str, str]) -> Mapping[str, str]:
    """The environment as it would be without files; raises ``ValueError``, one line.

    The line names the variable and the file, and nothing of what stands in it.
    """
    values = dict(environment)
    for name, path in named_files(environment).items():
        if environment.get(name, "").strip():
            raise ValueError(f"{name} and {name}_FILE are both set; one of them is enough")
        try:
            values[name] = _read(Path(path))
        except ValueError as error:
            raise ValueError(f"{name}_FILE is {path!r}, which {error}") from None
    return values


def _read(path: Path) -> str:
    try:
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except (OSError, ValueError) as error:  # a NUL in a path is a ValueError
        reason = getattr(error, "strerror", None) or "no path"
        raise ValueError(f"cannot be read: {reason}") from None
    try:
        text = data.decode().strip()
    except UnicodeDecodeError:
        raise ValueError("is no text in UTF-8") from None
    if not text:
        raise ValueError("is empty")
    if len(data) > MAX_BYTES or len(text.splitlines()) > 1:
        raise ValueError("takes one line")
    return text
