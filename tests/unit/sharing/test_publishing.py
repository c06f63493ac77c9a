"""Publishing: links are made, found again, changed, closed and listed."""

from datetime import timedelta

import anyio
import attrs
import pytest

from tearsheet.adapters.memory import memory_ports
from tearsheet.core.errors import (
    Forbidden,
    ImageNotReady,
    ImageTrashed,
    Invalid,
    NotFound,
)
from tearsheet.core.gallery import curating, sweeping
from tearsheet.core.gallery.search import Paging
from tearsheet.core.identity import Actor, Scope
from tearsheet.core.ids import ImageId
from tearsheet.core.policy import Policy
from tearsheet.core.sharing import publishing, visiting
from tearsheet.core.sharing.commands import ChangeExpiry, ShareImage
from tearsheet.core.sharing.publishing import Link
from tests.examples import DAY, MICROSECOND, MINUTE
from tests.unit.world import World

MONTH = timedelta(days=30)


async def shared(world: World, image_id: ImageId, **wishes: object) -> Link:
    """The public link of an image."""
    command = ShareImage(**wishes)  # type: ignore[arg-type]
    return await publishing.share(world.ports, world.us, image_id, command)


async def listed(world: World) -> tuple[Link, ...]:
    """Every link of ours."""
    page = await publishing.list_shares(world.ports, world.us, Paging(per_page=100))
    return page.items


async def opens(world: World, link: Link) -> bool:
    """Whether the link leads to a picture."""
    assert link.token is not None
    try:
        await visiting.peek(world.ports, link.token)
    except NotFound:
        return False
    return True


async def test_sharing_again_finds_the_same_link() -> None:
    """As often as anybody asks, and however many ask at once."""
    world = await World.of()
    image = await world.ready()
    links: list[Link] = []

    async def ask() -> None:
        links.append(await shared(world, image.id))

    async with anyio.create_task_group() as group:
        for _ in range(20):
            group.start_soon(ask)

    assert len({link.token for link in links}) == 1
    assert sum(link.is_new for link in links) == 1
    assert len(await listed(world)) == 1


async def test_sharing_again_changes_the_end_only_when_one_is_named() -> None:
    """Absent keeps it, a time moves it, None takes it away."""
    world = await World.of()
    image = await world.ready()
    tomorrow, later = world.clock() + DAY, world.clock() + 2 * DAY

    ends = [
        (await shared(world, image.id, **wishes)).share.expires_at
        for wishes in ({"expires_at": tomorrow}, {}, {"expires_at": later}, {"expires_at": None})
    ]

    assert ends == [tomorrow, tomorrow, later, None]
    assert len(await listed(world)) == 1


async def test_after_its_end_a_link_is_followed_by_another() -> None:
    """At the very moment; the old one is dead for good, its record and its views stay."""
    world = await World.of()
    image = await world.ready()
    old = await shared(world, image.id, expires_at=world.clock() + DAY)
    assert old.token is not None
    await visiting.visit(world.ports, old.token)

    world.pass_time(DAY - MICROSECOND)
    assert (await shared(world, image.id)).token == old.token
    world.pass_time(MICROSECOND)
    new = await shared(world, image.id)

    assert new.is_new
    assert new.token != old.token
    assert (await opens(world, old), await opens(world, new)) == (False, True)
    assert [link.share.view_count for link in await listed(world)] == [0, 1]


async def test_an_expired_link_stays_dead_when_the_clock_goes_back() -> None:
    """Never do two links lead to one image."""
    world = await World.of()
    image = await world.ready()
    old = await shared(world, image.id, expires_at=world.clock() + DAY)
    world.pass_time(DAY)
    new = await shared(world, image.id)

    world.pass_time(-DAY)

    assert (await opens(world, old), await opens(world, new)) == (False, True)


async def test_after_revoking_a_link_is_followed_by_another() -> None:
    """The old one is dead for good and keeps its views."""
    world = await World.of()
    image = await world.ready()
    old = await shared(world, image.id)
    assert old.token is not None
    await visiting.visit(world.ports, old.token)

    closed = await publishing.revoke_share(world.ports, world.us, image.id)
    new = await shared(world, image.id)

    assert (closed.share.revoked_at, closed.share.view_count) == (world.clock(), 1)
    assert new.token != old.token
    assert (await opens(world, old), await opens(world, new)) == (False, True)
    with pytest.raises(NotFound):
        await visiting.visit(world.ports, old.token)


async def test_without_an_active_link_there_is_nothing_to_change_or_close() -> None:
    """None yet, expired, or revoked: the same refusal, before any other."""
    world = await World.of()
    image = await world.ready()
    past = ChangeExpiry(expires_at=world.clock() - DAY)

    async def check_nothing() -> None:
        with pytest.raises(NotFound, match="This share does not exist"):
            await publishing.change_expiry(world.ports, world.us, image.id, past)
        with pytest.raises(NotFound, match="This share does not exist"):
            await publishing.revoke_share(world.ports, world.us, image.id)
        with pytest.raises(NotFound, match="This share does not exist"):
            await publishing.check_shared(world.ports, world.us, image.id)

    await check_nothing()
    await shared(world, image.id, expires_at=world.clock() + DAY)
    world.pass_time(DAY)
    await check_nothing()
    await shared(world, image.id)
    await publishing.revoke_share(world.ports, world.us, image.id)
    await check_nothing()


async def test_an_end_in_the_past_is_refused() -> None:
    """The present moment is past, too; nothing changes."""
    world = await World.of()
    image = await world.ready()
    now = world.clock()

    for end in (now, now - DAY):
        with pytest.raises(Invalid, match="/expires_at"):
            await shared(world, image.id, expires_at=end)
    assert await listed(world) == ()

    link = await shared(world, image.id)
    for end in (now, now - DAY):
        with pytest.raises(Invalid, match="/expires_at"):
            await shared(world, image.id, expires_at=end)
        with pytest.raises(Invalid, match="/expires_at"):
            await publishing.change_expiry(
                world.ports, world.us, image.id, ChangeExpiry(expires_at=end)
            )
    assert [found.share for found in await listed(world)] == [link.share]


async def test_only_a_live_picture_is_shared() -> None:
    """Not before it is ready, not from the trash."""
    world = await World.of()
    pending = (await world.generate()).image
    with pytest.raises(ImageNotReady):
        await shared(world, pending.id)
    trashed = await world.trashed()
    with pytest.raises(ImageTrashed):
        await shared(world, trashed.id)

    assert await listed(world) == ()


async def test_in_the_trash_a_link_is_shut_and_opens_again_after() -> None:
    """It cannot be changed meanwhile; restoring brings back the same one."""
    world = await World.of()
    image = await world.ready()
    link = await shared(world, image.id)

    await curating.trash(world.ports, world.us, image.id)
    assert not await opens(world, link)
    with pytest.raises(ImageTrashed):
        await publishing.change_expiry(
            world.ports, world.us, image.id, ChangeExpiry(expires_at=None)
        )
    await curating.restore(world.ports, world.us, image.id)

    assert await opens(world, link)
    assert (await shared(world, image.id)).token == link.token


async def test_a_link_can_be_closed_while_its_image_is_in_the_trash() -> None:
    """After a restore it stays closed."""
    world = await World.of()
    image = await world.ready()
    link = await shared(world, image.id)
    await curating.trash(world.ports, world.us, image.id)

    await publishing.revoke_share(world.ports, world.us, image.id)
    await curating.restore(world.ports, world.us, image.id)

    assert not await opens(world, link)


async def test_purging_an_image_closes_its_link() -> None:
    """The record and its views stay."""
    world = await World.of()
    image = await world.ready()
    link = await shared(world, image.id)
    assert link.token is not None
    await visiting.visit(world.ports, link.token)
    world.pass_time(MINUTE)

    await curating.trash(world.ports, world.us, image.id)
    await curating.remove_forever(world.ports, world.us, image.id)

    [found] = await listed(world)
    assert found.share == attrs.evolve(link.share, revoked_at=world.clock(), view_count=1)
    assert not await opens(world, link)


async def test_a_link_ends_when_its_image_is_gone_swept_or_not() -> None:
    """Thirty days after the deletion, to the microsecond, and the sweep does not change that."""
    world = await World.of()
    image = await world.ready()
    await shared(world, image.id)
    await curating.trash(world.ports, world.us, image.id)
    gone_at = world.clock() + MONTH

    world.pass_time(MONTH - MICROSECOND)
    [before] = await listed(world)
    world.pass_time(MICROSECOND + DAY)
    [due] = await listed(world)
    await sweeping.sweep(world.ports)
    [swept] = await listed(world)

    assert before.share.revoked_at is None
    assert due.share.revoked_at == swept.share.revoked_at == gone_at


async def test_purging_leaves_an_expired_link_as_it_ended() -> None:
    """Nobody revoked it."""
    world = await World.of()
    image = await world.ready()
    await shared(world, image.id, expires_at=world.clock() + DAY)
    world.pass_time(DAY)

    await curating.trash(world.ports, world.us, image.id)
    await curating.remove_forever(world.ports, world.us, image.id)

    [found] = await listed(world)
    assert found.share.revoked_at is None


async def test_another_team_s_image_is_as_good_as_unknown() -> None:
    """For every use case, with the same words, and nothing changes."""
    world = await World.of()
    image = await world.ready()
    link = await shared(world, image.id)
    change = ChangeExpiry(expires_at=None)

    for image_id in (image.id, ImageId(404)):
        for attempt in (
            publishing.share(world.ports, world.them, image_id, ShareImage()),
            publishing.change_expiry(world.ports, world.them, image_id, change),
            publishing.revoke_share(world.ports, world.them, image_id),
            publishing.check_shared(world.ports, world.them, image_id),
        ):
            with pytest.raises(NotFound, match=r"^This image does not exist\.$"):
                await attempt
    theirs = await publishing.list_shares(world.ports, world.them, Paging())
    assert (theirs.items, theirs.total) == ((), 0)
    assert await listed(world) == (attrs.evolve(link, is_new=False),)


async def test_who_may_only_read_publishes_nothing() -> None:
    """Neither makes, nor changes, nor closes."""
    world = await World.of()
    image = await world.ready()
    await shared(world, image.id)
    reader = Actor("eve", world.us.team, Scope.READ)

    for attempt in (
        publishing.share(world.ports, reader, image.id, ShareImage()),
        publishing.change_expiry(world.ports, reader, image.id, ChangeExpiry(expires_at=None)),
        publishing.revoke_share(world.ports, reader, image.id),
    ):
        with pytest.raises(Forbidden):
            await attempt


async def test_another_secret_ends_every_link() -> None:
    """Nobody can say any more what they were, so they open nothing; new ones can be made."""
    world = await World.of()
    image = await world.ready()
    old = await shared(world, image.id)

    world = attrs.evolve(world, ports=attrs.evolve(world.ports, secret=b"another secret"))
    assert not await opens(world, old)
    assert [link.token for link in await listed(world)] == [None]
    new = await shared(world, image.id)

    assert new.is_new
    assert await opens(world, new)


async def test_a_link_of_the_secret_before_is_still_the_link() -> None:
    """It opens, it is shown, and asking again gives it; it can be changed and closed."""
    world = await World.of()
    image = await world.ready()
    old = await shared(world, image.id)

    later = attrs.evolve(world.ports, secret=b"another", previous_secret=world.ports.secret)
    world = attrs.evolve(world, ports=later)
    again = await shared(world, image.id, expires_at=world.clock() + DAY)

    assert (again.token, again.is_new) == (old.token, False)
    assert await opens(world, old)
    assert [link.token for link in await listed(world)] == [old.token]
    closed = await publishing.revoke_share(world.ports, world.us, image.id)
    assert closed.token == old.token
    assert not await opens(world, old)
    new = await shared(world, image.id)
    assert new.share.token(b"another") == new.token, "what is new is made with the new secret"


async def test_shares_are_listed_newest_first_page_by_page() -> None:
    """Every one, active and past, each once."""
    world = await World.of()
    made = []
    for _ in range(5):
        image = await world.ready()
        made.append((await shared(world, image.id)).token)
        world.pass_time(MINUTE)

    pages = [
        await publishing.list_shares(world.ports, world.us, Paging(page=n, per_page=2))
        for n in (1, 2, 3, 4)
    ]

    assert [link.token for page in pages for link in page.items] == made[::-1]
    assert [len(page.items) for page in pages] == [2, 2, 1, 0]
    assert {(page.total, page.last_page) for page in pages} == {(5, 3)}
    assert [page.has_next for page in pages] == [True, True, False, False]


def test_without_a_secret_of_its_own_an_installation_has_a_fresh_one() -> None:
    """A forgotten secret ends links early; it never makes them guessable."""
    one, other = memory_ports(), memory_ports()

    assert len(one.secret) >= 32
    assert one.secret != other.secret
    assert attrs.evolve(one, policy=Policy()).secret == one.secret
    assert repr(one.secret) not in repr(one)
    assert "hunter2" not in repr(attrs.evolve(one, previous_secret=b"hunter2"))
