"""What goes wrong with an S3-style store, in our words.

The library's own message quotes the store's answer, which may name an access key. So nothing of
it is passed on but the status, the store's code for it, and which part of the talk failed; and the
library's exception is not chained.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager

import attrs
from obstore.exceptions import (
    AlreadyExistsError,
    BaseError,
    PermissionDeniedError,
    UnauthenticatedError,
)

from ...core.errors import StorageFull, Unavailable
from ..bucket import Bucket

_STATUS = re.compile(r"status code: ([0-9]{3})")
_CODE = re.compile(r"<Code>([A-Za-z0-9]{1,64})</Code>")
_FULL = frozenset({"XMinioStorageFull", "QuotaExceeded", "InsufficientStorage"})
_SOURCES_OF_CREDENTIALS = re.compile(r"://[^/\s]+/latest/|Credential|WebIdentity|sts\.")


@attrs.frozen
class Trouble:
    """An exception of the library, read."""

    status: int | None
    """Of the store's answer, when there was one."""
    code: str
    """The store's own word for it, or nothing."""
    connected: bool
    """Whether there was a connection: then a request may have been carried out."""
    summary: str = attrs.field(repr=False)
    """The library's sentence. Not to be shown."""

    @classmethod
    def of(cls, error: BaseException) -> "Trouble":
        """What the exception says."""
        text = str(error)
        status, code = _STATUS.search(text), _CODE.search(text)
        return cls(
            status=int(status[1]) if status else None,
            code=code[1] if code else "",
            connected="kind: Connect," not in text,
            summary=text.partition("\n")[0],
        )

    @property
    def lost(self) -> bool:
        """Whether nobody knows if the request was carried out."""
        return self.status is None and self.connected


@contextmanager
def translated(bucket: Bucket) -> Iterator[None]:
    """Our errors for the library's; an object that is there, or is not, is the caller's matter."""
    try:
        yield
    except AlreadyExistsError:
        raise
    except BaseError as error:
        raise meaning(bucket, error) from None


def meaning(bucket: Bucket, error: BaseError) -> Unavailable:
    """The one line that somebody who operates the service can act on."""
    trouble = Trouble.of(error)
    answer = " ".join(filter(None, (str(trouble.status or ""), trouble.code)))
    if trouble.status == 507 or trouble.code in _FULL:
        return StorageFull(f"There is no room left in {bucket} ({answer}).")
    if trouble.code == "NoSuchBucket":
        return Unavailable(f"There is no such bucket: {bucket}.")
    if isinstance(error, PermissionDeniedError | UnauthenticatedError):
        return Unavailable(f"These credentials are refused for {bucket} ({answer}).")
    if trouble.status is not None:
        return Unavailable(f"It does not work with {bucket} ({answer}).")
    if "redirect without LOCATION" in trouble.summary:
        return Unavailable(f"It is in another region than AWS_REGION says: {bucket}.")
    if _SOURCES_OF_CREDENTIALS.search(trouble.summary):
        hint = "set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY"
        return Unavailable(f"There are no credentials for {bucket}; {hint}.")
    if not trouble.connected:
        return Unavailable(f"There is no connection to {bucket}.")
    return Unavailable(f"No whole answer came from {bucket}.")
