"""The trash in any order of events, held against a few dictionaries that know nothing of it."""

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tearsheet.core.errors import NotFound, NotInTrash, TearsheetError
from tearsheet.core.gallery import browsing, curating
from tearsheet.core.gallery.search import Paging, Search, Sort
from tearsheet.core.gallery.sweeping import sweep
from tearsheet.core.ids import ImageId
from tests.examples import DAY, MICROSECOND
from tests.unit.world import World

KEPT_FOR = timedelta(days=30)
USE_CASES: dict[str, Callable[..., Awaitable[object]]] = {
    "trash": curating.trash,
    "restore": curating.restore,
    "forever": curating.remove_forever,
}


@attrs.define
class Card:
    """An image: where it hangs and when it was deleted."""

    parent: int | None
    deleted_at: datetime | None = None


@attrs.define
class Plain:
    """A tree of images and its trash, in the words of the rules."""

    world: World
    cards: dict[int, Card] = attrs.field(factory=dict)

    def there(self, image: int) -> bool:
        """Whether a reader may see it."""
        if image not in self.cards:
            return False
        deleted_at = self.cards[image].deleted_at
        return deleted_at is None or self.world.clock() < deleted_at + KEPT_FOR

    def parent(self, image: int) -> int | None:
        """The nearest ancestor that may be seen."""
        parent = self.cards[image].parent
        while parent is not None and not self.there(parent):
            parent = self.cards[parent].parent
        return parent

    def ancestors(self, image: int) -> list[int]:
        """From the parent to the root."""
        chain, parent = [], self.parent(image)
        while parent is not None:
            chain.append(parent)
            parent = self.parent(parent)
        return chain

    def forget(self, image: int) -> None:
        """It is gone for good; what hung from it hangs from its parent."""
        gone = self.cards.pop(image)
        for card in self.cards.values():
            if card.parent == image:
                card.parent = gone.parent

    def refusal(self, act: str, image: int) -> type[TearsheetError] | None:
        """How an act must be refused, if it must."""
        if not self.there(image):
            return NotFound
        in_vain = act == "forever" and self.cards[image].deleted_at is None
        return NotInTrash if in_vain else None

    def do(self, act: str, image: int) -> None:
        """What the act comes to; the first deletion counts."""
        card = self.cards[image]
        match act:
            case "trash":
                card.deleted_at = card.deleted_at or self.world.clock()
            case "restore":
                card.deleted_at = None
            case _:
                self.forget(image)


async def grown() -> Plain:
    """A root with two variants, one of which has another two."""
    world = await World.of(credits=1_000)
    plain = Plain(world)
    root = (await world.ready()).id
    plain.cards[root] = Card(None)
    first, second = [(await world.variant_of(root)).id for _ in range(2)]
    plain.cards |= {first: Card(root), second: Card(root)}
    for _ in range(2):
        plain.cards[(await world.variant_of(first)).id] = Card(first)
    return plain


async def look(plain: Plain, ids: list[ImageId]) -> None:
    """Every reader sees what the dictionaries say."""
    world = plain.world
    live = {i for i in ids if plain.there(i) and plain.cards[i].deleted_at is None}
    trashed = {i for i in ids if plain.there(i)} - live
    assert await world.images() == live
    page = await browsing.browse(
        world.ports, world.us, Search(trashed=True, sort=Sort.DELETED), Paging(per_page=100)
    )
    assert {item.image.id for item in page.items} == trashed
    for image in ids:
        if not plain.there(image):
            with pytest.raises(NotFound):
                await browsing.show(world.ports, world.us, image)
            continue
        shown = await browsing.show(world.ports, world.us, image)
        assert shown.image.image.deleted_at == plain.cards[image].deleted_at
        chain = [item.image for item in shown.ancestors]
        assert [ancestor.id for ancestor in chain] == plain.ancestors(image)
        assert shown.image.image.root_id == (chain[-1].id if chain else image)
        children = {i for i in live if plain.parent(i) == image}
        assert [item.image.id for item in shown.variants] == sorted(children)


MOST_OFTEN = 1
"""An image with a parent and with variants: there is most to get wrong."""

numbers = st.sampled_from([MOST_OFTEN, MOST_OFTEN, MOST_OFTEN, 0, 2, 3, 4])
acts = st.sampled_from(["trash", "trash", *USE_CASES, "sweep"])
pauses = st.sampled_from(
    [timedelta(0), timedelta(0), MICROSECOND, DAY, 15 * DAY, KEPT_FOR - MICROSECOND, KEPT_FOR]
)
lives = st.lists(st.tuples(pauses, acts, numbers), min_size=8, max_size=20)


@given(lives)
async def test_whatever_happens_the_trash_keeps_its_word(
    life: list[tuple[timedelta, str, int]],
) -> None:
    """The first deletion counts, nothing cascades, what is past its time is gone swept or not,

    a restored image is never purged, variants go to the parent or become roots, and never is
    there a circle.
    """
    plain = await grown()
    world, ids = plain.world, [ImageId(i) for i in plain.cards]

    for pause, act, number in life:
        world.pass_time(pause)
        if act == "sweep":
            due = [image for image in plain.cards if not plain.there(image)]
            assert (await sweep(world.ports)).images == len(due)
            for image in due:
                plain.forget(image)
        elif refusal := plain.refusal(act, ids[number]):
            with pytest.raises(refusal):
                await USE_CASES[act](world.ports, world.us, ids[number])
        else:
            await USE_CASES[act](world.ports, world.us, ids[number])
            plain.do(act, ids[number])
        await look(plain, ids)


@given(st.timedeltas(timedelta(0), 2 * KEPT_FOR) | pauses, st.booleans())
async def test_before_its_time_an_image_comes_back_and_then_never(
    waited: timedelta, swept: bool
) -> None:
    """Whether the sweep was there or not; what came back is not purged later."""
    world = await World.of()
    image = await world.trashed()
    world.pass_time(waited)
    if swept:
        await sweep(world.ports)

    if waited < KEPT_FOR:
        restored = await curating.restore(world.ports, world.us, image.id)
        assert restored.deleted_at is None
        world.pass_time(2 * KEPT_FOR)
        await sweep(world.ports)
        assert await world.images() == {image.id}
    else:
        with pytest.raises(NotFound):
            await curating.restore(world.ports, world.us, image.id)
