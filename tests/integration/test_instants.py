"""What has an end is over at that very instant, and not a microsecond before, over each store."""

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest

from tearsheet.adapters.memory import SteerableClock, memory_ports
from tearsheet.core.errors import NotFound, Unauthenticated
from tearsheet.core.export.archive import KEPT_FOR as RECORD_KEPT_FOR
from tearsheet.core.export.archive import LINK_LASTS
from tearsheet.core.export.expiring import count_all_due
from tearsheet.core.export.packing import open_archive, report, request_export
from tearsheet.core.export.refusals import ExportExpired
from tearsheet.core.gallery.browsing import show
from tearsheet.core.gallery.commands import GenerateImage
from tearsheet.core.gallery.creating import request_generation
from tearsheet.core.gallery.curating import trash
from tearsheet.core.gallery.selection import Selection
from tearsheet.core.gallery.sweeping import forget_answers, purge_all_due
from tearsheet.core.identity import Actor
from tearsheet.core.ids import ImageId
from tearsheet.core.ports import Ports
from tearsheet.core.retries.answer import KEPT_FOR as ANSWER_KEPT_FOR
from tearsheet.core.retries.answer import Answer
from tearsheet.core.retries.replaying import find_answer, keep_answer
from tearsheet.core.running import run_due, take
from tearsheet.core.sharing.commands import ShareImage
from tearsheet.core.sharing.publishing import check_shared, share
from tearsheet.core.sharing.visiting import peek, visit
from tearsheet.core.team.administering import authenticate, create_team, issue_token
from tearsheet.entrypoints.http.links import FileLinks, LinkExpired
from tearsheet.entrypoints.http.signing import Keys
from tearsheet.entrypoints.limits import Bucket, Rate
from tests.examples import DAY, MICROSECOND, NOW, a_key

from .opening import ONE_EACH, STORES, Places, over

ODD = timedelta(microseconds=123_457)
"""Nothing here ends at a whole second, unless it is meant to."""

Alive = Callable[[], Awaitable[bool]]


async def opens(act: Awaitable[object]) -> bool:
    """Whether it is there, or over."""
    try:
        await act
    except (NotFound, Unauthenticated, ExportExpired, LinkExpired):
        return False
    return True


async def picture(ports: Ports, us: Actor) -> ImageId:
    """A ready image."""
    asked = await request_generation(ports, us, GenerateImage(prompt="a fox"))
    await run_due(ports)
    return asked.image.id


async def a_token(ports: Ports, us: Actor) -> tuple[datetime, Alive]:
    """It opens the API."""
    end = ports.now() + DAY
    issued = await issue_token(ports, us.team, "a token", expires_at=end)
    return end, lambda: opens(authenticate(ports, issued.spelling))


async def a_public_page(ports: Ports, us: Actor) -> tuple[datetime, Alive]:
    """It is shown, and its link is the one that the team sees."""
    image, end = await picture(ports, us), ports.now() + DAY
    link = await share(ports, us, image, ShareImage(expires_at=end))
    word = link.token or ""

    async def alive() -> bool:
        ways = (peek(ports, word), visit(ports, word), check_shared(ports, us, image))
        return one_of({await opens(way) for way in ways})

    return end, alive


async def a_link_to_bytes(ports: Ports, _us: Actor) -> tuple[datetime, Alive]:
    """It is signed for a whole second."""
    links = FileLinks("http://x", Keys("a secret"), ports.now)
    key = a_key(1)
    query = parse_qs(urlsplit(links.link(key)).query)
    (expires,), (signature,) = query["expires"], query["signature"]

    async def check() -> None:
        links.check(key, expires, None, signature)

    return datetime.fromtimestamp(int(expires), NOW.tzinfo), lambda: opens(check())


async def an_archive(ports: Ports, us: Actor) -> tuple[datetime, Alive]:
    """It can be had, and holds on to its bytes; what its link says is never less."""
    export = await request_export(ports, us, Selection(ids=(await picture(ports, us),)))
    await run_due(ports)
    end = ports.now() + LINK_LASTS
    links = FileLinks("http://x", Keys("a secret"), ports.now)
    query = parse_qs(urlsplit(links.export_link(export.id, end)).query)

    async def download() -> None:
        links.check_export(export.id, query["expires"][0], query["signature"][0])
        await open_archive(ports, export.id)

    async def alive() -> bool:
        return one_of({await opens(download()), await count_all_due(ports) == 0})

    return end, alive


async def a_record_of_an_archive(ports: Ports, us: Actor) -> tuple[datetime, Alive]:
    """It says what became of it."""
    export = await request_export(ports, us, Selection(ids=(await picture(ports, us),)))
    await run_due(ports)
    return ports.now() + RECORD_KEPT_FOR, lambda: opens(report(ports, us, export.id))


async def a_lease(ports: Ports, us: Actor) -> tuple[datetime, Alive]:
    """Nobody else is given the job."""
    asked = await request_generation(ports, us, GenerateImage(prompt="a fox"))
    assert await take(ports, asked.job.id)

    async def alive() -> bool:
        is_due = asked.job.id in await ports.lobby.due_jobs(ports.now(), 10)
        return one_of({not is_due, await take(ports, asked.job.id) is None})

    return ports.now() + ports.policy.lease, alive


async def a_trashed_image(ports: Ports, us: Actor) -> tuple[datetime, Alive]:
    """It is shown, may be moved to the trash once more, and no sweep takes it."""
    image = await picture(ports, us)
    await trash(ports, us, image)

    async def alive() -> bool:
        ways = [await opens(show(ports, us, image)), await opens(trash(ports, us, image))]
        return one_of({*ways, await purge_all_due(ports) == 0})

    return ports.now() + ports.policy.trash_kept_for, alive


async def a_kept_answer(ports: Ports, us: Actor) -> tuple[datetime, Alive]:
    """It is given again, its key stands for nothing else, and no sweep takes it."""
    kept = Answer(
        key="k", fingerprint="f", status=200, headers=(), body=b"", answered_at=ports.now()
    )
    async with ports.unit(us.team) as unit:
        await keep_answer(unit, kept)
        await unit.commit()

    async def alive() -> bool:
        is_found = await find_answer(ports, us, "k", "f") is not None
        return one_of({is_found, await forget_answers(ports) == 0})

    return ports.now() + ANSWER_KEPT_FOR, alive


def one_of(answers: set[bool]) -> bool:
    """What all of them say."""
    (answer,) = answers
    return answer


THINGS = (
    a_token,
    a_public_page,
    a_link_to_bytes,
    an_archive,
    a_record_of_an_archive,
    a_lease,
    a_trashed_image,
    a_kept_answer,
)


@pytest.mark.parametrize("store", ONE_EACH)
async def test_what_ends_is_over_at_its_instant(store: str, places: Places) -> None:
    """Tokens, pages, links, archives, their records, leases, the trash and kept answers.

    A microsecond before, every one of them is alive, for whoever asks in whichever way.
    """
    async with STORES[store](places) as rows:
        for thing in THINGS:
            clock = SteerableClock(NOW + ODD)
            ports = over(rows, memory_ports(now=clock))
            team = await create_team(ports, thing.__name__, 5)
            end, alive = await thing(ports, Actor("us", team.id))

            clock.at = end - MICROSECOND
            assert await alive(), f"{thing.__name__} ended too early"
            clock.at = end
            assert not await alive(), f"{thing.__name__} outlives its end"


@pytest.mark.parametrize("amount", [1, 20, 600])
def test_one_more_is_allowed_when_its_time_has_come(amount: int) -> None:
    """At that instant, and not before; a thousandth of the time between two is rounding."""
    rate = Rate(amount, timedelta(minutes=1))
    bucket = Bucket(NOW + ODD)
    for _ in range(amount):
        bucket, standing = bucket.take(rate, NOW + ODD)
        assert standing.allowed

    for wait, allowed in ((0.998, False), (1, True)):
        assert bucket.take(rate, NOW + ODD + rate.interval * wait)[1].allowed is allowed
