"""What a route says about itself, for the OpenAPI document."""

from collections.abc import Mapping
from typing import Any

import attrs


@attrs.frozen(kw_only=True)
class Doc:
    """One operation. What it cannot be told from is told here."""

    id: str
    """The operation's id: the name of the method in a generated client."""
    tag: str
    summary: str
    description: str = ""
    answers: Mapping[int, Any]
    """Status → the type of the answer's JSON, or a media type as text, or None for no body."""
    refusals: tuple[int, ...] = ()
    body: type | None = None
    body_required: bool = True
    body_examples: Mapping[str, Any] = attrs.field(factory=dict)
    query: Mapping[str, dict[str, Any]] = attrs.field(factory=dict)
    """Parameter → its JSON schema, with a description."""
    versioned: bool = False
    """Shows an ``ETag``, and takes ``If-Match`` or ``If-None-Match``."""
    public: bool = False
    deprecated: bool = False


def documented(**fields: Any) -> dict[str, Any]:
    """``opt`` for a Litestar route: ``@get(…, opt=documented(id=…, …))``."""
    return {"doc": Doc(**fields)}


def doc_of(opt: Mapping[str, Any]) -> Doc | None:
    """What a route said of itself; None for the framework's own."""
    doc = opt.get("doc")
    return doc if isinstance(doc, Doc) else None


@attrs.frozen
class Data:
    """``{"data": …}`` around one of these."""

    of: type


@attrs.frozen
class ListOf:
    """``{"data": […]}`` around all of these."""

    of: type


@attrs.frozen
class PageOf:
    """``{"data": […], "meta": …, "links": …}`` around these."""

    of: type
