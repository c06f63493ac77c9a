"""Fields that nobody may set, in every body of every operation that the document names."""

from collections.abc import Iterator

import pytest

from tearsheet.adapters.memory import SteerableClock

from .belongings import KINDS, Belongings, collect
from .calling import Json, fields_of
from .operations import Operation, operations
from .running import Service
from .sharing import shared
from .twins import all_that_they_see

NOT_TO_BE_SET = (
    "team_id",
    "team",
    "id",
    "parent_id",
    "parent",
    "root_id",
    "is_favorite",
    "favorite",
    "credits",
    "credits_charged",
    "price",
    "balance",
    "status",
    "processing_status",
    "state",
    "attempts",
    "created_at",
    "updated_at",
    "deleted_at",
    "revoked_at",
    "view_count",
    "token",
    "scope",
    "role",
    "url",
    "sha256",
    "__class__",
)
"""What an image, a job, a link, a ledger or a token has inside, and what others might have."""


@pytest.fixture
def ours(idle: Service, clock: SteerableClock) -> Belongings:
    """A team with one of everything, so that every address leads somewhere."""
    ours = collect(idle.new_team(), clock)
    shared(ours.team, int(ours.one("image")))
    return ours


def bodies(ours: Belongings) -> Iterator[tuple[Operation, str, Json]]:
    """Every operation that takes a body, an address of ours, and each example of its body."""
    for operation in operations(ours.team.judge):
        if "requestBody" in operation.described:
            assert operation.examples, operation
            names = operation.names("path")
            path = operation.at(**{name: ours.one(KINDS[name]) for name in names})
            for example in operation.examples:
                yield operation, path, example


def test_a_field_that_nobody_may_set_is_refused_and_named(ours: Belongings) -> None:
    """Alone or with all the others, whatever else the body says; and nothing has changed."""
    team, before = ours.team, all_that_they_see(ours)
    credits = team.credits()
    asked: set[str] = set()

    for operation, path, example in bodies(ours):
        foreign = [name for name in NOT_TO_BE_SET if name not in operation.fields]
        assert len(foreign) > len(NOT_TO_BE_SET) - 4, (operation.id, operation.fields)
        alone = [] if operation.id in asked else [[name] for name in foreign]
        asked.add(operation.id)
        for names in ([*foreign], *alone):
            answer = team.ask(operation.method, path, json=example | dict.fromkeys(names, 1))
            assert answer.status_code == 422, (operation.id, names, answer.text)
            assert list(fields_of(answer)) == sorted(f"/{name}" for name in names), operation.id

    assert len(asked) >= 15, asked
    assert team.credits() == credits
    assert all_that_they_see(ours) == before
