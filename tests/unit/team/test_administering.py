"""The operator's part, and who comes in with a token."""

import attrs
import pytest

from tearsheet.core.credits import Balance
from tearsheet.core.errors import Invalid, NotFound, Unauthenticated
from tearsheet.core.identity import Actor, Credential, Scope
from tearsheet.core.ids import TeamId, TokenId
from tearsheet.core.team import administering
from tearsheet.core.team.token import ApiToken, digest_of
from tests.examples import MICROSECOND, MINUTE, SECOND
from tests.unit.world import World

NO_TEAM = TeamId(404)


async def kept(world: World, token: ApiToken) -> ApiToken:
    """The token as it is stored."""
    [found] = [t for t in await world.ports.directory.tokens() if t.id == token.id]
    return found


async def test_a_team_starts_with_its_credits() -> None:
    """Or with none."""
    world = await World.of(credits=0)

    await administering.create_team(world.ports, " Rich ", 50)

    teams = await world.ports.directory.teams()
    assert [(team.name, balance) for team, balance in teams] == [
        ("us", Balance()),
        ("them", Balance()),
        ("Rich", Balance(available=50)),
    ]


@pytest.mark.parametrize("name", ["", "  ", "x" * 256, "a\x00b"])
async def test_a_name_has_1_to_255_characters(name: str) -> None:
    """For teams, projects and tokens."""
    world = await World.of()

    with pytest.raises(Invalid, match="/name"):
        await administering.create_team(world.ports, name)
    with pytest.raises(Invalid, match="/name"):
        await administering.create_project(world.ports, world.us.team, name)
    with pytest.raises(Invalid, match="/name"):
        await administering.issue_token(world.ports, world.us.team, name)


async def test_a_grant_adds_to_the_balance() -> None:
    """And answers with it."""
    world = await World.of(credits=10)

    balance = await administering.grant_credits(world.ports, world.us.team, 5)

    assert balance == Balance(available=15) == await world.balance()


@pytest.mark.parametrize("amount", [0, -5])
async def test_nothing_is_taken_by_a_grant(amount: int) -> None:
    """A grant gives at least one."""
    world = await World.of()

    with pytest.raises(Invalid, match="/credits"):
        await administering.grant_credits(world.ports, world.us.team, amount)


async def test_nothing_is_done_for_a_team_that_is_not_there() -> None:
    """No grant, no project, no token."""
    world = await World.of()

    for act in (
        administering.grant_credits(world.ports, NO_TEAM, 1),
        administering.create_project(world.ports, NO_TEAM, "x"),
        administering.issue_token(world.ports, NO_TEAM, "x"),
    ):
        with pytest.raises(NotFound, match="team"):
            await act


async def test_a_project_is_its_team_s() -> None:
    """With a clean name and domain."""
    world = await World.of()

    project = await administering.create_project(world.ports, world.us.team, " A ", " a.example ")

    assert (project.name, project.domain) == ("A", "a.example")
    async with world.ports.view(world.us.team) as view:
        assert await view.projects.all() == (project,)
    async with world.ports.view(world.them.team) as view:
        assert await view.projects.all() == ()


async def test_a_token_comes_in_for_its_user_and_team() -> None:
    """With its scope, which is ``write`` unless said otherwise, and known by id and name."""
    world = await World.of()
    team = world.us.team
    writes = await administering.issue_token(world.ports, team, "laptop", user="editor")
    reads = await administering.issue_token(world.ports, team, "wall", scope=Scope.READ)

    actors = [await administering.authenticate(world.ports, t.spelling) for t in (writes, reads)]

    assert actors == [
        Actor("editor", team, Scope.WRITE, Credential(writes.token.id, "laptop")),
        Actor("owner", team, Scope.READ, Credential(reads.token.id, "wall")),
    ]


async def test_only_the_digest_of_a_token_is_kept() -> None:
    """The spelling is shown once and is nowhere in the store, nor in a log."""
    world = await World.of()

    issued = await administering.issue_token(world.ports, world.us.team, "laptop")

    stored = await kept(world, issued.token)
    assert stored.digest == digest_of(issued.spelling)
    assert issued.spelling not in map(str, attrs.astuple(stored))
    assert issued.spelling not in repr(issued)


async def test_a_token_expires_at_its_very_instant() -> None:
    """A moment before it still opens."""
    world = await World.of()
    issued = await administering.issue_token(
        world.ports, world.us.team, "laptop", expires_at=world.clock() + MINUTE
    )

    world.pass_time(MINUTE - MICROSECOND)
    await administering.authenticate(world.ports, issued.spelling)
    world.pass_time(MICROSECOND)

    with pytest.raises(Unauthenticated):
        await administering.authenticate(world.ports, issued.spelling)


async def test_a_token_cannot_expire_in_the_past() -> None:
    """Nor right now."""
    world = await World.of()

    with pytest.raises(Invalid, match="/expires_at"):
        await administering.issue_token(
            world.ports, world.us.team, "late", expires_at=world.clock()
        )


async def test_a_revoked_token_opens_nothing() -> None:
    """The first revocation counts."""
    world = await World.of()
    issued = await administering.issue_token(world.ports, world.us.team, "laptop")

    first = await administering.revoke_token(world.ports, issued.token.id)
    world.pass_time(MINUTE)
    second = await administering.revoke_token(world.ports, issued.token.id)

    assert first.revoked_at == second.revoked_at == world.clock() - MINUTE
    with pytest.raises(Unauthenticated):
        await administering.authenticate(world.ports, issued.spelling)


async def test_a_token_that_is_not_there_cannot_be_revoked() -> None:
    """The operator is told."""
    world = await World.of()

    with pytest.raises(NotFound, match="token"):
        await administering.revoke_token(world.ports, TokenId(404))


async def test_all_that_is_wrong_with_a_token_is_told_alike() -> None:
    """Unknown, misspelled, expired and revoked look the same."""
    world, elsewhere = await World.of(), await World.of()
    team, now = world.us.team, world.clock()
    revoked = await administering.issue_token(world.ports, team, "a")
    await administering.revoke_token(world.ports, revoked.token.id)
    expired = await administering.issue_token(world.ports, team, "b", expires_at=now + SECOND)
    elsewhere.ports.randomness(999)
    unknown = await administering.issue_token(elsewhere.ports, elsewhere.us.team, "c")
    world.pass_time(SECOND)

    messages = set()
    for spelling in (revoked.spelling, expired.spelling, unknown.spelling, "ts_pat_x", "", "é"):
        with pytest.raises(Unauthenticated) as refusal:
            await administering.authenticate(world.ports, spelling)
        messages.add(refusal.value.message)

    assert len(messages) == 1


async def test_the_last_use_of_a_token_is_recorded_by_the_minute() -> None:
    """So that reading does not become writing."""
    world = await World.of()
    issued = await administering.issue_token(world.ports, world.us.team, "laptop")
    start = world.clock()

    recorded = []
    for pause in (0 * SECOND, MINUTE - MICROSECOND, MICROSECOND):
        world.pass_time(pause)
        await administering.authenticate(world.ports, issued.spelling)
        recorded.append((await kept(world, issued.token)).last_used_at)

    assert recorded == [start, start, start + MINUTE]


async def test_a_use_that_was_refused_is_not_recorded() -> None:
    """A revoked token stays as it was."""
    world = await World.of()
    issued = await administering.issue_token(world.ports, world.us.team, "laptop")
    revoked = await administering.revoke_token(world.ports, issued.token.id)

    with pytest.raises(Unauthenticated):
        await administering.authenticate(world.ports, issued.spelling)

    assert await kept(world, issued.token) == revoked
