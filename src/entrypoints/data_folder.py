"""The data folder of an installation, the database file, and the secret that is kept there."""

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ..core.errors import Unavailable


def make_folder(folder: Path) -> None:
    """Make it where there is none; raises ``Unavailable``."""
    with _explained(f"The data folder {folder} cannot be made"):
        folder.mkdir(parents=True, exist_ok=True)


def check_file(database_url: str) -> None:
    """Raise ``Unavailable`` when a database in a file can be neither opened nor made there.

    Asked before the driver is: a driver's thread that fails outlives the loop it reports to.
    """
    scheme, _, place = database_url.partition(":///")
    name = place.partition("?")[0].removeprefix("file:")
    if not scheme.startswith("sqlite") or name.startswith(":"):
        return
    with _explained(f"The database file {name} cannot be opened"):
        if Path(name).exists():
            Path(name).open("rb").close()
        else:
            os.scandir(Path(name).parent).close()


def kept_secret(data_dir: Path) -> str:
    """The secret of this installation, made at the first start and kept in the data folder.

    Raises ``Unavailable`` when it can be neither read nor written.
    """
    path = data_dir / "secret.key"
    with _explained(f"The secret {path} cannot be kept"):
        if not path.exists():
            _make_secret(path)
        return path.read_text().strip()


def _make_secret(path: Path) -> None:
    draft = path.with_name(f".{secrets.token_hex(8)}.tmp")
    file = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(file, "w") as stream:
            stream.write(secrets.token_urlsafe(48))
            stream.flush()
            os.fsync(stream.fileno())
        path.hardlink_to(draft)  # of two first starts at once, one wins
    except FileExistsError:
        pass
    finally:
        draft.unlink()


@contextmanager
def _explained(what: str) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise Unavailable(f"{what}: {error.strerror}.") from error
