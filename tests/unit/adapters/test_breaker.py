"""An image model is left alone while only its operator can bring it back."""

import asyncio
from datetime import timedelta

import attrs
import pytest

from tearsheet.adapters.breaker import PAUSE, Breaker
from tearsheet.adapters.fake_models import Instant, Slow
from tearsheet.adapters.memory import SteerableClock
from tearsheet.core.gallery.image import ProcessingStatus
from tearsheet.core.gallery.model import (
    Call,
    ImageRequest,
    ModelError,
    PaintedImage,
    SourceImage,
    Trouble,
)
from tearsheet.core.ports import ImageModel
from tests.examples import MICROSECOND, a_request
from tests.unit.world import World

CALL = Call(request_key="a test")
OPERATORS = [Trouble.UNFUNDED, Trouble.MISCONFIGURED]


@attrs.define
class Moody(Instant):
    """Has a trouble until it is cured of it, and remembers what it was asked."""

    trouble: Trouble | None = None
    asked: list[str] = attrs.field(factory=list)
    before: ImageModel = attrs.field(factory=Instant)

    async def generate(self, request: ImageRequest, call: Call) -> PaintedImage:
        """Complain, or paint."""
        self.asked.append(request.prompt)
        await self.before.generate(request, call)
        if self.trouble is not None:
            raise ModelError(self.trouble, "Not today.", retry_after=timedelta(seconds=5))
        return await Instant().generate(request, call)


@attrs.define
class Bench:
    """A moody model behind a breaker, and the clock that the breaker goes by."""

    model: Moody = attrs.field(factory=Moody)
    clock: SteerableClock = attrs.field(factory=SteerableClock)
    breaker: Breaker = attrs.field(
        default=attrs.Factory(lambda self: Breaker(self.model, self.clock), takes_self=True)
    )

    async def ask(self, prompt: str = "a fox") -> Trouble | None:
        """The trouble that comes of it, or a picture."""
        try:
            await self.breaker.generate(a_request(prompt), CALL)
        except ModelError as error:
            return error.trouble
        return None


def lines(caplog: pytest.LogCaptureFixture) -> list[str]:
    """The levels of what the operator read."""
    return [record.levelname for record in caplog.records]


@pytest.mark.parametrize("trouble", OPERATORS)
async def test_after_an_operator_s_trouble_nobody_asks_for_a_while(trouble: Trouble) -> None:
    """Calls fail at once in the same way; after the pause one asks again."""
    bench = Bench(Moody(trouble=trouble))

    assert [await bench.ask("1"), await bench.ask("2")] == [trouble, trouble]
    bench.clock.advance(PAUSE - MICROSECOND)
    assert await bench.ask("3") is trouble
    bench.clock.advance(MICROSECOND)
    assert await bench.ask("4") is trouble
    assert await bench.ask("5") is trouble

    assert bench.model.asked == ["1", "4"]


async def test_while_one_asks_again_the_others_still_fail() -> None:
    """A wrong key is not tried by ten jobs at once."""
    clock, gate = SteerableClock(), asyncio.Event()
    slow = Slow(gate=gate)
    model = Moody(trouble=Trouble.MISCONFIGURED, before=slow)
    bench = Bench(model, clock)
    gate.set()
    await bench.ask("1")
    gate.clear()
    slow.asked.clear()
    clock.advance(PAUSE)

    probe = asyncio.create_task(bench.ask("2"))
    await slow.asked.wait()
    other = await bench.ask("3")
    model.trouble = None
    gate.set()

    assert (other, await probe) == (Trouble.MISCONFIGURED, None)
    assert model.asked == ["1", "2"]


async def test_once_it_works_it_is_asked_by_all(caplog: pytest.LogCaptureFixture) -> None:
    """The operator reads when it began and when it was over."""
    bench = Bench(Moody(trouble=Trouble.UNFUNDED))
    await bench.ask()
    bench.model.trouble = None
    bench.clock.advance(PAUSE)

    assert [await bench.ask("2"), await bench.ask("3")] == [None, None]

    assert bench.model.asked == ["a fox", "2", "3"]
    assert lines(caplog) == ["ERROR", "WARNING"]


async def test_the_alarm_is_raised_once_for_each_change(caplog: pytest.LogCaptureFixture) -> None:
    """Not with every job; a trouble of another kind is news."""
    bench = Bench(Moody(trouble=Trouble.UNFUNDED))

    for trouble in (Trouble.UNFUNDED, Trouble.UNFUNDED, Trouble.MISCONFIGURED):
        bench.model.trouble = trouble
        await bench.ask()
        await bench.ask()
        bench.clock.advance(PAUSE)

    assert lines(caplog) == ["ERROR", "ERROR"]


@pytest.mark.parametrize("trouble", [t for t in Trouble if t not in OPERATORS])
async def test_other_troubles_stop_nobody(
    trouble: Trouble, caplog: pytest.LogCaptureFixture
) -> None:
    """They are the job's own, and so is when it tries again."""
    bench = Bench(Moody(trouble=trouble))

    with pytest.raises(ModelError) as caught:
        await bench.breaker.generate(a_request(), CALL)

    assert caught.value.retry_after == timedelta(seconds=5)
    assert await bench.ask("2") is trouble
    assert bench.model.asked == ["a red fox", "2"]
    assert lines(caplog) == []


@pytest.mark.parametrize(
    ("trouble", "is_over"),
    [
        (Trouble.REFUSED, True),
        (Trouble.INVALID, True),
        (Trouble.RATE_LIMITED, True),
        (Trouble.BAD_OUTPUT, True),
        (Trouble.UNAVAILABLE, False),
        (Trouble.TIMEOUT, False),
    ],
)
async def test_whoever_was_understood_has_ended_it(trouble: Trouble, is_over: bool) -> None:
    """A refusal shows that the key works; silence shows nothing."""
    bench = Bench(Moody(trouble=Trouble.MISCONFIGURED))
    await bench.ask()
    bench.clock.advance(PAUSE)
    bench.model.trouble = trouble
    await bench.ask("2")
    bench.model.trouble = None

    assert await bench.ask("3") is (None if is_over else Trouble.MISCONFIGURED)


async def test_edits_are_held_up_too() -> None:
    """It is one account."""
    bench = Bench(Moody(trouble=Trouble.UNFUNDED))
    await bench.ask()
    data = (await Instant().generate(a_request(), CALL)).data
    request = a_request()
    source = SourceImage(data=data, format=request.format, width=64, height=64)

    with pytest.raises(ModelError):
        await bench.breaker.edit(request, source, None, CALL)
    bench.clock.advance(PAUSE)
    assert (await bench.breaker.edit(request, source, None, CALL)).data != data


async def test_a_job_that_was_held_up_costs_nothing() -> None:
    """It fails with a reason, its price is given back, and the next one after the pause is made."""
    world = await World.of(Instant())
    model = Moody(trouble=Trouble.UNFUNDED)
    world = world.offering(Breaker(model, world.clock))

    first, second = await world.ready("1"), await world.ready("2")
    model.trouble = None
    world.pass_time(PAUSE)
    third = await world.ready("3")

    assert [image.status for image in (first, second)] == [ProcessingStatus.FAILED] * 2
    assert second.problem is not None
    assert second.problem.code == "model_unfunded"
    assert third.status is ProcessingStatus.READY
    assert model.asked == ["1", "3"]
    assert (await world.balance()).available == 95
