"""The tree of refusals."""

import re

from tearsheet.core import errors
from tearsheet.core.errors import FieldError, Invalid, NotFound, TearsheetError
from tearsheet.core.export.refusals import ExportExpired, NothingToExport
from tearsheet.core.gallery.model import ModelError


def every_refusal(root: type[TearsheetError] = TearsheetError) -> list[type[TearsheetError]]:
    """The refusals of the core, root first, each before its children."""
    found = [root]
    for child in root.__subclasses__():
        if child.__module__.startswith("tearsheet.core"):
            found += every_refusal(child)
    return found


def drawn_parents() -> dict[str, str]:
    """Refusal → the one that it is drawn below."""
    above: list[str] = []
    parents = {}
    for branch, name in re.findall(
        r"^    ([│├└─ ]*)([A-Z]\w+)", errors.__doc__ or "", re.MULTILINE
    ):
        depth = len(branch) // 4
        parents[name] = above[depth - 1] if depth else "Exception"
        above[depth:] = [name]
    return parents


def test_the_drawn_tree_is_the_tree() -> None:
    """The drawing at the top of the file names every refusal, below its parent."""
    assert {ModelError, NothingToExport, ExportExpired} <= set(every_refusal())
    assert drawn_parents() == {k.__name__: k.__bases__[0].__name__ for k in every_refusal()}


def test_every_refusal_has_a_code_in_small_letters() -> None:
    """A code is stable and for machines."""
    for kind in every_refusal():
        assert re.fullmatch(r"[a-z]+(_[a-z]+)*", kind.code), kind


def test_no_two_refusals_share_a_code() -> None:
    """From the code alone a client knows what happened."""
    codes = [kind.code for kind in every_refusal() if "code" in vars(kind)]

    assert len(codes) == len(set(codes))


def test_no_stranger_is_caught_with_them() -> None:
    """A refusal is an ``Exception`` and no ``ValueError`` or the like."""
    for kind in every_refusal():
        assert kind.__mro__[-3:] == (Exception, BaseException, object)


def test_an_invalid_request_names_every_field() -> None:
    """The message has all reasons, so that nobody must try twice."""
    error = Invalid([FieldError("/title", "too long"), FieldError("/tags/3", "blank")])

    assert error.message == "/title: too long; /tags/3: blank"
    assert [e.field for e in error.errors] == ["/title", "/tags/3"]


def test_what_is_missing_is_said_in_the_product_s_words() -> None:
    """A missing thing is named, its id is not: an unknown id and a stranger's look the same."""
    assert NotFound("image").message == "This image does not exist."
