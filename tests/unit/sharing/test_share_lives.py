"""Public links in any order of events, held against a list that knows nothing of them."""

from datetime import datetime, timedelta

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tearsheet.core.errors import ImageTrashed, Invalid, NotFound, TearsheetError
from tearsheet.core.gallery import curating
from tearsheet.core.gallery.search import Paging
from tearsheet.core.ids import ImageId
from tearsheet.core.rules import KEEP
from tearsheet.core.sharing import publishing, visiting
from tearsheet.core.sharing.commands import ChangeExpiry, ShareImage
from tearsheet.core.sharing.publishing import Link
from tests.examples import DAY, MICROSECOND, MINUTE
from tests.unit.world import World


@attrs.define
class Record:
    """A link that was made once."""

    token: str
    expires_at: datetime | None
    revoked_at: datetime | None = None
    views: int = 0


@attrs.define
class Plain:
    """The links of one image, in the words of the rules."""

    world: World
    image: ImageId
    records: list[Record] = attrs.field(factory=list)
    is_trashed: bool = False

    def active(self) -> Record | None:
        """The link that works, were the image live."""
        now = self.world.clock()
        found = [
            record
            for record in self.records
            if record.revoked_at is None and (record.expires_at is None or now < record.expires_at)
        ]
        assert len(found) <= 1, "two active links"
        return found[0] if found else None

    def refusal(self, act: str, end: object) -> type[TearsheetError] | None:
        """How an act must be refused, if it must."""
        if act in ("change", "revoke") and self.active() is None:
            return NotFound
        if act in ("share", "change"):
            if isinstance(end, datetime) and end <= self.world.clock():
                return Invalid
            return ImageTrashed if self.is_trashed else None
        return None


ACTS = [
    "share",
    "share",
    "share",
    "share",
    "change",
    "revoke",
    "visit",
    "trash",
    "restore",
    "restore",
]
ends = st.sampled_from([KEEP, KEEP, KEEP, None, timedelta(0), MICROSECOND, MINUTE, DAY, DAY])
pauses = st.sampled_from([timedelta(0), timedelta(0), MICROSECOND, MINUTE - MICROSECOND, MINUTE])
lives = st.lists(st.tuples(pauses, st.sampled_from(ACTS), ends), min_size=10, max_size=30)


async def apply(plain: Plain, act: str, end: object) -> None:
    """Do it, and say what it comes to."""
    world, image, before = plain.world, plain.image, plain.active()
    match act:
        case "share":
            link = await publishing.share(world.ports, world.us, image, ShareImage(expires_at=end))  # type: ignore[arg-type]
            assert link.token is not None
            assert link.is_new == (before is None)
            if before is None:
                assert link.token not in {record.token for record in plain.records}
                plain.records.append(Record(link.token, None))
            active = plain.records[-1]
            assert link.token == active.token
            if end is not KEEP:
                active.expires_at = end  # type: ignore[assignment]
        case "change":
            change = ChangeExpiry(expires_at=end)  # type: ignore[arg-type]
            await publishing.change_expiry(world.ports, world.us, image, change)
            assert before is not None
            before.expires_at = end  # type: ignore[assignment]
        case "revoke":
            await publishing.revoke_share(world.ports, world.us, image)
            assert before is not None
            before.revoked_at = world.clock()
        case "trash":
            await curating.trash(world.ports, world.us, image)
            plain.is_trashed = True
        case "restore":
            await curating.restore(world.ports, world.us, image)
            plain.is_trashed = False
        case _:
            await visit_all(plain)


async def visit_all(plain: Plain) -> None:
    """Every link that ever was: one opens at most, and counts."""
    active = plain.active()
    for record in plain.records:
        if record is active and not plain.is_trashed:
            await visiting.visit(plain.world.ports, record.token)
            record.views += 1
        else:
            with pytest.raises(NotFound):
                await visiting.visit(plain.world.ports, record.token)


def record_of(link: Link) -> Record:
    """What the team's list says of a link."""
    share = link.share
    return Record(link.token or "", share.expires_at, share.revoked_at, share.view_count)


@given(lives)
async def test_whatever_happens_there_is_one_active_link_and_every_record_stays(
    life: list[tuple[timedelta, str, object]],
) -> None:
    """Shared again the same link comes back; what ended is dead for good and keeps its views;

    at ``expires_at`` it is over; the trash shuts a link and a restore opens it again.
    """
    world = await World.of()
    plain = Plain(world, (await world.ready()).id)

    for pause, act, end in life:
        world.pass_time(pause)
        if isinstance(end, timedelta):
            end = world.clock() + end
        if act == "change" and end is KEEP:
            end = None  # a change has to say which
        if refusal := plain.refusal(act, end):
            with pytest.raises(refusal):
                await apply(plain, act, end)
        else:
            await apply(plain, act, end)

        page = await publishing.list_shares(world.ports, world.us, Paging(per_page=100))
        assert [record_of(link) for link in page.items] == plain.records[::-1]
