"""What ``AnswerRepository`` promises: one answer per key, in the transaction of its effect."""

from datetime import timedelta
from typing import Any

import attrs

from tearsheet.core.ids import TeamId
from tearsheet.core.retries.answer import Answer
from tests.examples import MICROSECOND, NOW, an_image

from .doors import Doors


def an_answer(key: str = "k-1", **changes: Any) -> Answer:
    """What somebody was answered."""
    answer = Answer(
        key=key,
        fingerprint="f" * 64,
        status=202,
        headers=(("Location", "/v1/images/1"), ("Content-Type", "application/json")),
        body=b'{"job_id":"\xc3\xa9"}\x00\xff',
        answered_at=NOW,
    )
    return attrs.evolve(answer, **changes)


async def team(store: Doors) -> TeamId:
    """A new one."""
    return (await store.directory.add_team("A team", NOW, None)).id


async def keep(store: Doors, us: TeamId, *answers: Answer) -> None:
    """Keep them for a team."""
    async with store.unit(us) as unit:
        for answer in answers:
            await unit.answers.save(answer)
        await unit.commit()


async def kept(store: Doors, us: TeamId, key: str = "k-1") -> Answer | None:
    """What is there."""
    async with store.view(us) as view:
        return await view.answers.get(key)


class AnswersContract:
    """Answers to requests that may be sent again."""

    async def test_an_answer_comes_back_as_it_was_kept(self, store: Doors) -> None:
        """Status, headers in their order, every byte of the body, the microsecond."""
        us = await team(store)
        answer = an_answer(answered_at=NOW + MICROSECOND)

        await keep(store, us, answer)

        assert await kept(store, us) == answer

    async def test_a_key_that_was_never_used_has_none(self, store: Doors) -> None:
        """Also one that differs in case only."""
        us = await team(store)
        await keep(store, us, an_answer("k-1"))

        assert await kept(store, us, "k-2") is None
        assert await kept(store, us, "K-1") is None

    async def test_the_longest_key_is_kept_whole(self, store: Doors) -> None:
        """255 characters, of which only the last differs."""
        us = await team(store)
        one, other = an_answer("k" * 254 + "1"), an_answer("k" * 254 + "2", status=201)

        await keep(store, us, one, other)

        assert await kept(store, us, one.key) == one
        assert await kept(store, us, other.key) == other

    async def test_a_newer_answer_takes_the_place_of_the_older(self, store: Doors) -> None:
        """One key, one answer."""
        us = await team(store)
        newer = an_answer(status=200, headers=(), body=b"", answered_at=NOW + timedelta(days=2))

        await keep(store, us, an_answer())
        await keep(store, us, newer)

        assert await kept(store, us) == newer

    async def test_the_same_key_of_another_team_is_another_key(self, store: Doors) -> None:
        """Neither sees the other's answer."""
        us, them = await team(store), await team(store)

        await keep(store, us, an_answer())
        before = await kept(store, them)
        await keep(store, them, an_answer(status=201))

        ours, theirs = await kept(store, us), await kept(store, them)
        assert before is None
        assert ours == an_answer()
        assert theirs == an_answer(status=201)

    async def test_an_answer_and_its_effect_are_forgotten_together(self, store: Doors) -> None:
        """A unit that does not commit keeps neither."""
        us = await team(store)

        async with store.unit(us) as unit:
            await unit.images.add(an_image(1))
            await unit.answers.save(an_answer())
            assert await unit.answers.get("k-1") == an_answer()

        assert await kept(store, us) is None
        async with store.view(us) as view:
            assert await view.images.get_many([an_image(1).id]) == ()

    async def test_an_answer_and_its_effect_are_kept_together(self, store: Doors) -> None:
        """A unit that commits keeps both."""
        us = await team(store)

        async with store.unit(us) as unit:
            await unit.images.add(an_image(1))
            await unit.answers.save(an_answer())
            await unit.commit()

        assert await kept(store, us) == an_answer()
        async with store.view(us) as view:
            assert await view.images.get_many([an_image(1).id]) == (an_image(1),)

    async def test_old_answers_of_all_teams_are_forgotten(self, store: Doors) -> None:
        """Those given at the cut-off or before; it is said how many there were."""
        us, them = await team(store), await team(store)
        late = an_answer("late", answered_at=NOW + MICROSECOND)
        await keep(store, us, an_answer("a"), an_answer("b"), late)
        await keep(store, them, an_answer("a"))

        counted = await store.lobby.count_answers(NOW)
        forgotten = await store.lobby.forget_answers(NOW)

        assert (counted, forgotten) == (3, 3)
        assert await store.lobby.forget_answers(NOW) == 0
        assert await kept(store, us, "a") is await kept(store, them, "a") is None
        assert await kept(store, us, "late") == late
