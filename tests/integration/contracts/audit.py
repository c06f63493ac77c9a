"""What ``AuditReader``, ``AuditLog`` and the recording ``Directory`` promise."""

from datetime import datetime
from typing import Any

import anyio
import attrs
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tearsheet.core.audit.chain import append, follows
from tearsheet.core.audit.entry import (
    Action,
    AuditEntry,
    AuditNumber,
    Author,
    AuthorKind,
    Recorded,
    Thing,
    ThingKind,
)
from tearsheet.core.audit.listing import AuditQuery, listing, place_of
from tearsheet.core.ids import ImageId, TeamId, TokenId
from tearsheet.core.paging import Paging
from tearsheet.core.team.token import ApiToken
from tests.examples import MICROSECOND, MINUTE, NOW, a_token
from tests.integration.contracts.doors import Doors, a_team
from tests.strategies import texts

ALL = AuditQuery()
ADA = Author(
    kind=AuthorKind.USER, user="Ада ☂", token_id=TokenId(2**62), token_name='a "token"\n<b>'
)
AUTHORS = (ADA, Author(kind=AuthorKind.OPERATOR), Author(kind=AuthorKind.SERVICE))


def an_entry(number: int = 1, **changes: Any) -> AuditEntry:
    """Somebody put an image into the trash."""
    image = ImageId(number)
    plain = AuditEntry(
        at=NOW,
        action=Action.IMAGE_DELETED,
        author=ADA,
        thing=Thing(kind=ThingKind.IMAGE, id=str(number), name="Größe", image_id=image),
        before={"deleted_at": None},
        after={"deleted_at": "2026-05-01T12:00:00Z", "n": 2**63 - 1, "ids": [1, 2], "is": True},
        request_id="a-request",
    )
    return attrs.evolve(plain, **changes)


@st.composite
def entries(draw: st.DrawFn) -> AuditEntry:
    """Entries that differ in all that can be asked for."""
    number = draw(st.integers(1, 3))
    return an_entry(
        number,
        at=NOW + draw(st.integers(-1, 1)) * MICROSECOND,
        action=draw(st.sampled_from([Action.IMAGE_DELETED, Action.SHARE_REVOKED])),
        author=draw(st.sampled_from(AUTHORS)),
        thing=Thing(
            kind=draw(st.sampled_from([ThingKind.IMAGE, ThingKind.SHARE])),
            id=str(number),
            name=draw(st.none() | texts(max_size=5)),
            image_id=draw(st.none() | st.integers(1, 2).map(ImageId)),
        ),
        request_id=draw(st.none() | st.just("r")),
    )


queries = st.builds(
    AuditQuery,
    actions=st.lists(st.sampled_from([Action.IMAGE_DELETED, Action.FEED_CREATED]), max_size=2).map(
        tuple
    ),
    thing_kind=st.none() | st.just(ThingKind.SHARE),
    thing_id=st.none() | st.just("2"),
    image_id=st.none() | st.just(ImageId(1)),
    author_kind=st.none() | st.sampled_from(AuthorKind),
    user=st.none() | st.sampled_from([ADA.user, "ада ☂"]),
    since=st.none() | st.just(NOW),
    until=st.none() | st.just(NOW),
)


async def write(store: Doors, team: TeamId, *written: AuditEntry) -> None:
    """Add these in one unit."""
    async with store.unit(team) as unit:
        await unit.audit.add(*written)
        await unit.commit()


async def log_of(store: Doors, team: TeamId) -> tuple[Recorded, ...]:
    """The whole log, in the order written."""
    async with store.view(team) as view:
        return await view.audit.since(None, 10_000)


def chained(team: TeamId, *written: AuditEntry) -> tuple[Recorded, ...]:
    """What the core makes of these entries."""
    log: list[Recorded] = []
    for entry in written:
        append(team, log, entry)
    return tuple(log)


class AuditContract:
    """One team's audit log."""

    async def test_entries_come_back_as_they_were_written(self, store: Doors) -> None:
        """Numbered from 1 in the order written, whatever the moments say, and chained."""
        us = await a_team(store)
        early = an_entry(2, at=NOW - MINUTE, author=AUTHORS[1], request_id=None)
        written = an_entry(1, at=NOW + MICROSECOND), early, an_entry(3, before={}, after={})

        await write(store, us, *written[:2])
        await write(store, us, written[2])

        assert await log_of(store, us) == chained(us, *written)

    async def test_a_unit_reads_what_it_wrote(self, store: Doors) -> None:
        """Before its commit; nobody else does."""
        us = await a_team(store)
        await write(store, us, an_entry(1))

        async with store.unit(us) as unit:
            await unit.audit.add(an_entry(2))
            await unit.audit.add(an_entry(3))
            whole = chained(us, an_entry(1), an_entry(2), an_entry(3))
            assert await unit.audit.since(None, 9) == whole
            assert (await unit.audit.page(ALL, Paging())).items == whole[::-1]

        assert await log_of(store, us) == whole[:1]

    async def test_entries_go_with_their_effect(self, store: Doors) -> None:
        """A unit that is not committed leaves neither."""
        us = await a_team(store)

        async with store.unit(us) as unit:
            await unit.audit.add(an_entry())

        assert await log_of(store, us) == ()

    async def test_two_hundred_entries_of_one_unit_are_a_chain(self, store: Doors) -> None:
        """Every one follows the one before it."""
        us = await a_team(store)
        written = [an_entry(number) for number in range(1, 201)]

        await write(store, us, *written)

        log = await log_of(store, us)
        assert [recorded.entry for recorded in log] == written
        befores = (None, *log)
        assert all(follows(us, before, it) for before, it in zip(befores, log, strict=False))

    async def test_ten_who_write_at_once_write_one_chain(self, store: Doors) -> None:
        """No number twice, none left out."""
        us = await a_team(store)

        async with anyio.create_task_group() as group:
            for number in range(1, 11):
                group.start_soon(write, store, us, an_entry(number))

        log = await log_of(store, us)
        assert log == chained(us, *(recorded.entry for recorded in log))
        assert sorted(recorded.entry.thing.id for recorded in log) == sorted(map(str, range(1, 11)))

    async def test_logs_of_teams_are_apart(self, store: Doors) -> None:
        """Each has its own numbers, and its own chain for the same words."""
        us, them = await a_team(store), await a_team(store)
        await write(store, us, an_entry(1))

        await write(store, them, an_entry(1))

        assert await log_of(store, us) == chained(us, an_entry(1))
        assert await log_of(store, them) == chained(them, an_entry(1))
        assert chained(us, an_entry(1)) != chained(them, an_entry(1))

    async def test_the_log_is_read_piece_by_piece(self, store: Doors) -> None:
        """After a number, so many."""
        us = await a_team(store)
        await write(store, us, *(an_entry(number) for number in range(1, 6)))

        async with store.view(us) as view:
            pieces = [await view.audit.since(after, 2) for after in (None, AuditNumber(2))]
            last = await view.audit.since(AuditNumber(4), 2)

        assert [[it.number for it in piece] for piece in (*pieces, last)] == [[1, 2], [3, 4], [5]]

    @settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(
        written=st.lists(entries(), max_size=6),
        query=queries,
        page=st.integers(1, 3),
        per_page=st.integers(1, 4),
        after=st.none() | st.integers(0, 5),
    )
    async def test_a_page_is_what_the_core_says(
        self,
        store: Doors,
        written: list[AuditEntry],
        query: AuditQuery,
        page: int,
        per_page: int,
        after: int | None,
    ) -> None:
        """Which entries, in which order, how many there are, and whether more follow."""
        us = await a_team(store)
        await write(store, us, *written)
        log = chained(us, *written)
        paging = Paging(page=page, per_page=per_page)
        if after is not None and log:
            paging = attrs.evolve(paging, after=place_of(log[after % len(log)]))

        async with store.view(us) as view:
            found = await view.audit.page(query, paging)

        assert found == listing(log, query, paging)


class RecordingContract:
    """What the operator's door writes into a team's log."""

    async def test_a_new_team_is_recorded_with_it(self, store: Doors) -> None:
        """What is said of it knows its id."""
        team = await store.directory.add_team(
            "A", NOW, None, lambda made: [an_entry(made.id), an_entry(2)]
        )

        assert await log_of(store, team.id) == chained(team.id, an_entry(team.id), an_entry(2))

    async def test_a_new_token_is_recorded_in_its_team_s_log(self, store: Doors) -> None:
        """What is said of it knows its id; what was written before it stays."""
        us = await a_team(store)
        await write(store, us, an_entry(1))

        kept = await store.directory.add_token(a_token(us), lambda made: [an_entry(made.id)])

        assert await log_of(store, us) == chained(us, an_entry(1), an_entry(kept.id))

    async def test_of_two_revocations_the_first_is_recorded(self, store: Doors) -> None:
        """However many are at it."""
        us = await a_team(store)
        token = await store.directory.add_token(a_token(us))

        async def revoke(number: int) -> None:
            at: datetime = NOW + number * MICROSECOND
            entry = an_entry(number, at=at)
            await store.directory.save_token(token.revoked(at), lambda _: [entry])

        async with anyio.create_task_group() as group:
            for number in range(1, 6):
                group.start_soon(revoke, number)

        [recorded] = await log_of(store, us)
        [kept] = await store.directory.tokens()
        assert recorded.entry.at == kept.revoked_at

    async def test_what_cannot_be_recorded_is_not_done(self, store: Doors) -> None:
        """No team, no token and no revocation without its entry."""
        us = await a_team(store)
        token = await store.directory.add_token(a_token(us))

        def broken(_: object) -> list[AuditEntry]:
            raise LookupError

        with pytest.raises(LookupError):
            await store.directory.add_team("A", NOW, None, broken)
        with pytest.raises(LookupError):
            await store.directory.add_token(a_token(us, "a" * 64), broken)
        with pytest.raises(LookupError):
            await store.directory.save_token(token.revoked(NOW), broken)

        kept: tuple[ApiToken, ...] = await store.directory.tokens()
        assert kept == (token,)
        assert [team.id for team, _ in await store.directory.teams()] == [us]
