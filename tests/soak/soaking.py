"""A soak from its beginning to its verdict."""

import asyncio
import random
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import attrs

from tearsheet.core.ids import TeamId
from tearsheet.core.team.administering import create_team, issue_token
from tearsheet.entrypoints.settings import Settings
from tearsheet.entrypoints.wiring import open_service
from tests.integration.processes import FOREIGN
from tests.integration.waiting import until
from tests.soak.asking import PATIENCE, Client, Scene
from tests.soak.editors import Editor, Links, Visitor
from tests.soak.fleet import Fallen, Fleet, running
from tests.soak.galleries import Team
from tests.soak.history import History
from tests.soak.judging import Judge, Report
from tests.soak.killing import Killer
from tests.soak.moments import Moments
from tests.soak.places import Place, cluster, embedded
from tests.soak.provider import providing

GRANT = 10_000_000
TEAMS = 2
EDITORS = 2
VISITORS = 2
PAINTING = 0.12
"""Seconds that the image model takes."""

TELL_EVERY = 15.0
"""Seconds between two lines of progress."""

CALM = 1.0
"""Seconds that clients go on after the last kill."""

Say = Callable[[str], None]


def soak(
    folder: Path,
    *,
    kills: int,
    seed: int,
    in_cluster: bool,
    plant: str | None = None,
    say: Say = lambda _: None,
) -> Report:
    """Work and kill, so many times; then everything settles and is judged."""
    chance = random.Random(seed)
    moments = Moments()
    folder.mkdir(parents=True, exist_ok=True)
    history = History(folder / "history.jsonl")
    scene = Scene(history, moments)
    with ExitStack() as stack:
        place: Place
        if in_cluster:
            place = stack.enter_context(cluster(folder))
        else:
            place = stack.enter_context(embedded(folder))
        provider = stack.enter_context(providing(moments.tell, PAINTING))
        given = asyncio.run(tokens(place))
        fleet = Fleet(place, provider, folder / "processes", scene.servers, plant)
        stack.enter_context(running(fleet))
        teams = [
            Team(name, token.spelling, common_image(scene, name, token.spelling))
            for name, token in given.items()
        ]
        killer = Killer(fleet, scene, chance)
        report = Report([], {})
        try:
            with working(scene, _clients(scene, teams, seed)):
                began = told = time.monotonic()
                while killer.count < kills:
                    killer.strike()
                    if time.monotonic() > told + TELL_EVERY:
                        told = time.monotonic()
                        say(_progress(killer, scene, began))
                fleet.rest(max(fleet.frozen.values(), default=0) - time.monotonic())
                fleet.await_ready()
                fleet.rest(CALM)
            say(f"{_progress(killer, scene, began)}; now everything settles")
            report = Judge(scene, place, teams, provider.calls, killer.blows).verdict()
            fleet.stop()
        except Fallen as fallen:
            fleet.wrong.append(str(fallen))
    history.close()
    counts = {f"killed: {how}": count for how, count in sorted(killer.kills.items())}
    return Report([*report.violations, *fleet.wrong], counts | report.counts)


def _progress(killer: Killer, scene: Scene, began: float) -> str:
    acts, orders = len(scene.history.acts), sum(1 for _ in scene.history.named("order", "edit"))
    seconds = time.monotonic() - began
    return f"{killer.count} kills in {seconds:.0f} s, {acts} requests, {orders} of them orders"


@attrs.frozen
class Given:
    """A token of a new team."""

    team: TeamId
    spelling: str


async def tokens(place: Place, prefix: str = "") -> dict[str, Given]:
    """New teams: a token of each, by name."""
    given = place.settings.items()
    settings = Settings.read(
        {name if name.startswith(FOREIGN) else f"TEARSHEET_{name}": value for name, value in given}
    )
    found = {}
    async with open_service(settings, works=False) as service:
        for number in range(TEAMS):
            name = f"{prefix}team-{number}"
            team = await create_team(service.ports, name, GRANT)
            token = await issue_token(service.ports, team.id, "soak")
            found[name] = Given(team.id, token.spelling)
    return found


def common_image(scene: Scene, team: str, token: str) -> int:
    """An image that is ready, for all of a team."""
    editor = Editor(scene, f"{team} chief", random.Random(0), token)

    def ready() -> int | None:
        if not editor.own:
            editor.order()
        editor.look()
        return next((image.id for image in editor.own if image.ready), None)

    with editor.http:
        return until(ready, every=0.1)


def _clients(scene: Scene, teams: list[Team], seed: int) -> Iterator[Client]:
    links = Links()
    for team in teams:
        for number in range(EDITORS):
            title = f"{team.name} editor {number}"
            chance = random.Random(f"{seed} {title}")
            yield Editor(scene, title, chance, team.token, links=links, common=team.common)
    for number in range(VISITORS):
        title = f"visitor {number}"
        yield Visitor(scene, title, random.Random(f"{seed} {title}"), links=links)


@contextmanager
def working(scene: Scene, clients: Iterator[Client]) -> Iterator[None]:
    """Clients at work; afterwards they have stopped."""
    threads = [threading.Thread(target=client.run, daemon=True) for client in clients]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        scene.over.set()
        for thread in threads:
            thread.join(PATIENCE)
