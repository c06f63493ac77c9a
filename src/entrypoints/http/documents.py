"""What a route says about itself, for the OpenAPI document."""

from collections.abc import Mapping
from typing import Any

import attrs

from ...core.errors import TearsheetError

Refusals = tuple[type[TearsheetError], ...]
"""Kinds of refusals; their statuses and codes are found in the table of ``problems``."""


@attrs.frozen(kw_only=True)
class Doc:
    """One operation. What it cannot be told from is told here."""

    id: str
    """The operation's id: the name of the method in a generated client."""
    head_id: str = ""
    """The id of the same operation as ``HEAD``, where that is answered too."""
    tag: str
    summary: str
    description: str = ""
    answers: Mapping[int, Any]
    """Status → the type of the answer's JSON, or a media type as text, or None for no body."""
    examples: Mapping[int, Any] = attrs.field(factory=dict)
    """Status → what is answered, where the example of the type would not be typical."""
    headers: Mapping[int, tuple[str, ...]] = attrs.field(factory=dict)
    """Status → names of headers that cannot be told from the rest."""
    refusals: Refusals = ()
    """Beyond what every operation of its kind can be refused with."""
    body: type | None = None
    body_required: bool = True
    body_examples: Mapping[str, Any] = attrs.field(factory=dict)
    path: str = ""
    """The template of the address, where the route's own does not say it."""
    query: Mapping[str, dict[str, Any]] = attrs.field(factory=dict)
    """Parameter → its JSON schema, with a description."""
    query_required: tuple[str, ...] = ()
    takes: tuple[str, ...] = ()
    """Names of headers that it looks at, beside those that can be told from the rest."""
    links: Mapping[str, str] = attrs.field(factory=dict)
    """Id of an operation to go on with → the runtime expression of the id that its path takes."""
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
