"""The parameters of listings: what is read and what is documented are the same."""

from collections.abc import Mapping

import pytest

from tearsheet.entrypoints.http import calendar, filters, offers, pages, queries
from tearsheet.entrypoints.http.queries import Reader, Several


@pytest.mark.parametrize(
    ("read", "documented"),
    [
        (filters.FILTERS, filters.PARAMETERS),
        (filters.PLACES, filters.PLACE_PARAMETERS),
        (queries.PAGING, pages.PAGING_PARAMETERS),
        (calendar.FILTERS, calendar.PARAMETERS),
        (offers.TAG_FILTERS, offers.TAG_PARAMETERS),
    ],
)
def test_what_is_read_is_documented(
    read: Mapping[str, Reader], documented: Mapping[str, object]
) -> None:
    """By the same names, ``[]`` behind those that may be repeated."""
    names = {f"{name}[]" if isinstance(reader, Several) else name for name, reader in read.items()}

    assert names == set(documented)
