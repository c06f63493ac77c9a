"""A crowd that orders at both doors, with credits for a part of it."""

import asyncio
from collections import Counter

from tearsheet.core.credits import GENERATE_PRICE
from tearsheet.core.errors import InsufficientCredits
from tearsheet.core.gallery.commands import GenerateImage
from tearsheet.core.gallery.creating import request_generation
from tearsheet.core.ports import Ports

from .doors import Doors, outcome

AT_ONCE = 64
"""Orders under way at any moment; more would only wait longer."""


async def orders(place: Doors, count: int, paid: int) -> Counter[str]:
    """So many, with credits for ``paid`` of them: exactly these are taken; says how they ended."""
    us = await place.team(credits=GENERATE_PRICE * paid)
    ends: Counter[str] = Counter()
    waiting = iter(range(count))

    async def order_in_turn(door: Ports) -> None:
        for number in waiting:
            ends[
                await outcome(request_generation(door, us, GenerateImage(prompt=f"fox {number}")))
            ] += 1

    await asyncio.gather(*(order_in_turn(place.ports[n % 2]) for n in range(AT_ONCE)))
    assert ends == Counter({"ok": paid, InsufficientCredits.code: count - paid}), ends
    for ports in place.ports:
        async with ports.view(us.team) as view:
            balance = await view.credits.balance()
            assert (balance.available, balance.held) == (0, GENERATE_PRICE * paid)
            booked = await view.credits.entries()
        assert Counter(entry.kind.value for entry in booked) == {"grant": 1, "hold": paid}
    return ends
