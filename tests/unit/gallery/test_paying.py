"""Credits over the lives of images: whatever becomes of them, the ledger is right."""

from collections.abc import Sequence
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from tearsheet.core import cancelling, running
from tearsheet.core.credits import Entry, EntryKind
from tearsheet.core.errors import InsufficientCredits, TearsheetError
from tearsheet.core.gallery import curating
from tearsheet.core.gallery.creating import Accepted
from tearsheet.core.gallery.image import ProcessingStatus
from tests.examples import DAY, MINUTE, SECOND
from tests.moods import Moody
from tests.unit.world import World

HELD, PAID, RETURNED = (
    [EntryKind.HOLD],
    [EntryKind.HOLD, EntryKind.CAPTURE],
    [EntryKind.HOLD, EntryKind.RELEASE],
)


acts = st.sampled_from(
    ["generate", "generate", "edit", "run", "run", "take", "cancel", "trash", "forever", "wait"]
)
prompts = st.sampled_from(["a fox", "a fox", "forbidden", "sleepy"])
spans = st.sampled_from([2 * SECOND, MINUTE, DAY])
lives = st.lists(st.tuples(acts, st.integers(0, 5), prompts, spans), min_size=8, max_size=25)


async def live(
    world: World, asked: list[Accepted], act: str, number: int, prompt: str, span: timedelta
) -> None:
    """One thing that may happen; raises what refuses it."""
    if act == "generate":
        asked.append(await world.generate(prompt))
    elif act == "run":
        await world.run()
    elif act == "wait":
        world.pass_time(span)
    elif not asked:
        return
    elif act == "edit":
        asked.append(await world.edit(asked[number % len(asked)].image.id, prompt))
    elif act == "take":
        await running.take(world.ports, asked[number % len(asked)].job.id)  # and the worker dies
    elif act == "cancel":
        await cancelling.cancel(world.ports, world.us, asked[number % len(asked)].job.id)
    else:
        image = asked[number % len(asked)].image.id
        await (curating.trash if act == "trash" else curating.remove_forever)(
            world.ports, world.us, image
        )


def kinds(entries: Sequence[Entry], accepted: Accepted) -> list[EntryKind]:
    """What the ledger says of one job."""
    return [entry.kind for entry in entries if entry.job_id == accepted.job.id]


@given(st.sampled_from([12, 40, 200]), lives)
async def test_whatever_becomes_of_an_image_it_is_paid_for_exactly_when_it_became_ready(
    credits: int, life: list[tuple[str, int, str, timedelta]]
) -> None:
    """Once; until then its price is held, and else it is given back. Nothing is ever negative,

    nothing is made or lost, and whoever is refused for too few credits had too few.
    """
    world = await World.of(Moody(), credits=credits)
    asked: list[Accepted] = []
    was_ready: set[int] = set()

    for act, number, prompt, span in life:
        before = (await world.balance()).available
        refusal: TearsheetError | None = None
        try:
            await live(world, asked, act, number, prompt, span)
        except TearsheetError as error:  # out of place or too dear: it must not move a credit
            refusal = error
        if isinstance(refusal, InsufficientCredits):
            assert refusal.balance == before < refusal.required

        entries, balance = await world.entries(), await world.balance()
        assert min(balance.available, balance.held) >= 0
        spent = sum(entry.amount for entry in entries if entry.kind is EntryKind.CAPTURE)
        assert balance.available + balance.held + spent == credits
        for accepted in asked:
            try:
                status = (await world.image(accepted.image.id)).status
            except TearsheetError:
                assert kinds(entries, accepted) == (
                    PAID if accepted.image.id in was_ready else RETURNED
                )
                continue
            if status is ProcessingStatus.READY:
                was_ready.add(accepted.image.id)
            expected = {ProcessingStatus.READY: PAID, ProcessingStatus.FAILED: RETURNED}
            assert kinds(entries, accepted) == expected.get(status, HELD)
