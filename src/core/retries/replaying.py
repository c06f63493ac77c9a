"""Replaying: the answer is kept in the transaction of what it tells of, and found again."""

from ..errors import AnsweredMeanwhile
from ..identity import Actor
from ..ports import Ports, Unit
from .answer import Answer


async def find_answer(ports: Ports, actor: Actor, key: str, fingerprint: str) -> Answer | None:
    """The answer that this request got before, if it did.

    Raises ``IdempotencyKeyReused`` when the key stands for another request.
    """
    async with ports.view(actor.team) as view:
        answer = await view.answers.get(key)
    if answer is None or answer.is_over(ports.now()):
        return None
    answer.check_same(fingerprint)
    return answer


async def keep_answer(unit: Unit, answer: Answer) -> None:
    """Keep it together with whatever the unit changes; raises ``AnsweredMeanwhile``."""
    before = await unit.answers.get(answer.key)
    if before is not None and not before.is_over(answer.answered_at):
        raise AnsweredMeanwhile
    await unit.answers.save(answer)
