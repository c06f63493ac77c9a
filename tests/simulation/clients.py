"""What clients ask of the servers, and what they make of the answers."""

import json
from asyncio import CancelledError
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any

import attrs

from tearsheet.core.drafting import drafting
from tearsheet.core.errors import (
    BlobMissing,
    Conflict,
    Forbidden,
    InsufficientCredits,
    Invalid,
    NotFound,
    TearsheetError,
    Unavailable,
)
from tearsheet.core.export import packing
from tearsheet.core.gallery import browsing, creating, curating
from tearsheet.core.gallery.commands import EditImage, GenerateImage
from tearsheet.core.gallery.selection import Selection
from tearsheet.core.identity import Actor
from tearsheet.core.ids import ImageId, JobId, TeamId
from tearsheet.core.ports import Ports
from tearsheet.core.retries.answer import Answer
from tearsheet.core.retries.replaying import find_answer
from tearsheet.core.sharing import publishing, visiting
from tearsheet.core.sharing.commands import ShareImage
from tests.simulation.chances import draws
from tests.simulation.commits import FOREVER
from tests.simulation.history import Order
from tests.simulation.scheduler import Process, Task
from tests.simulation.world import World

Said = dict[str, Any]
REFUSALS = (Conflict, Forbidden, InsufficientCredits, Invalid, NotFound)
"""What a client may be told; anything else that is not ``Unavailable`` is a bug."""


@attrs.frozen
class Wish:
    """A request that is repeated with its key until it is answered."""

    actor: Actor
    key: str
    act: Callable[[Ports], Awaitable[Said]]
    told: Callable[[Said], None]


@attrs.define(eq=False)
class Clients:
    """Everybody outside: they know what they were told, and repeat what nobody answered."""

    world: World
    wishes: list[Wish] = attrs.field(factory=list)
    """Sent with a key, and not answered yet, or answered: sent again they must say the same."""
    answered: set[str] = attrs.field(factory=set)
    images: dict[int, list[ImageId]] = attrs.field(factory=dict)
    trashed: dict[int, list[ImageId]] = attrs.field(factory=dict)
    jobs: dict[int, list[JobId]] = attrs.field(factory=dict)
    number: int = 0
    _wants: "Callable[[], Want]" = attrs.field(init=False)

    def __attrs_post_init__(self) -> None:
        self._wants = draws(self.world.chance, _ASKING)

    def ask(self, server: Process) -> None:
        """Somebody wants something, as the seed decides."""
        chance = self.world.chance.random
        actor = self.world.teams[int(chance() * len(self.world.teams))]
        self._wants()(self, server, actor)

    def repeat(self, server: Process) -> None:
        """Send something again that was sent with a key."""
        if self.wishes:
            self.send(server, self.wishes[int(self.world.chance.random() * len(self.wishes))])

    def unanswered(self) -> list[Wish]:
        """What nobody was told of yet."""
        return [wish for wish in self.wishes if wish.key not in self.answered]

    def image_of(self, actor: Actor) -> ImageId:
        """An image that the team knows; now and then another team's, which it must not have."""
        chance = self.world.chance.random
        owner = int(actor.team) if chance() > 0.04 else 1 + int(chance() * 3)
        known = self.images[owner]
        return known[int(chance() * len(known))]

    def _trashed_of(self, actor: Actor) -> ImageId:
        """Mostly one that somebody was told is in the trash."""
        known, chance = self.trashed[actor.team], self.world.chance.random
        if known and chance() < 0.7:
            return known[-1 - int(chance() * min(3, len(known)))]
        return self.image_of(actor)

    def generate(self, server: Process, actor: Actor) -> None:
        """Order a picture."""
        key = self._key()

        async def act(ports: Ports) -> Said:
            command = GenerateImage(prompt="a red fox", title=key)
            accepted = await creating.request_generation(ports, actor, command)
            return {"job": accepted.job.id, "image": accepted.image.id}

        self._wish(server, Wish(actor, key, act, partial(self._ordered, actor, key)))

    def edit(self, server: Process, actor: Actor) -> None:
        """Order a variant."""
        key, image_id = self._key(), self.image_of(actor)

        async def act(ports: Ports) -> Said:
            command = EditImage(prompt="a blue fox", title=key)
            accepted = await creating.request_edit(ports, actor, image_id, command)
            return {"job": accepted.job.id, "image": accepted.image.id}

        self._wish(server, Wish(actor, key, act, partial(self._ordered, actor, key)))

    def export(self, server: Process, actor: Actor) -> None:
        """Order an archive of some images."""
        key = self._key()
        selection = Selection.to_export([self.image_of(actor) for _ in range(3)])

        async def act(ports: Ports) -> Said:
            return {"export": (await packing.request_export(ports, actor, selection)).id}

        def told(said: Said) -> None:
            self.world.history.exports[said["export"]] = actor.team
            self.jobs[actor.team].append(said["export"])

        self._wish(server, Wish(actor, key, act, told))

    def cancel(self, server: Process, actor: Actor) -> None:
        """Give up a job."""
        known = self.jobs[actor.team]
        if known:
            job_id = known[-1 - int(self.world.chance.random() ** 2 * len(known))]
            cancel = self.world.mutant.cancel
            self._do(server, "cancel", lambda ports: cancel(ports, actor, job_id))

    def trash(self, server: Process, actor: Actor) -> None:
        """Delete an image."""
        image_id = self.image_of(actor)

        async def act(ports: Ports) -> None:
            await curating.trash(ports, actor, image_id)
            self.trashed[actor.team].append(image_id)

        self._do(server, f"trash {image_id}", act)

    def restore(self, server: Process, actor: Actor) -> None:
        """Take an image back."""
        self.restore_it(server, actor.team, self._trashed_of(actor))

    def restore_it(self, server: Process, team: TeamId, image_id: ImageId) -> None:
        """Take this one back."""
        actor = Actor("editor", team)
        self._do(server, f"restore {image_id}", lambda p: curating.restore(p, actor, image_id))

    def forever(self, server: Process, actor: Actor) -> None:
        """Delete an image for good."""
        image_id = self._trashed_of(actor)

        async def act(ports: Ports) -> None:
            await curating.remove_forever(ports, actor, image_id)
            self.world.history.removed.add(image_id)

        self._do(server, f"{FOREVER} {image_id}", act)

    def favorite(self, server: Process, actor: Actor) -> None:
        """Mark an image."""
        image_id = self.image_of(actor)
        self._do(server, f"favorite {image_id}", lambda p: curating.favorite(p, actor, image_id))

    def bulk(self, server: Process, actor: Actor) -> None:
        """Delete several, or take several back."""
        selection = Selection.to_delete([self.image_of(actor) for _ in range(3)])
        act = curating.bulk_trash if self.world.chance.random() < 0.5 else curating.bulk_restore
        self._do(server, act.__name__, lambda p: act(p, actor, selection))

    def share(self, server: Process, actor: Actor) -> None:
        """Publish an image."""
        image_id = self.image_of(actor)

        async def act(ports: Ports) -> None:
            link = await publishing.share(ports, actor, image_id, ShareImage())
            assert link.token is not None
            if link.token in self.world.history.revoked and link.is_new:
                self.world.violated(f"the link of image {image_id} is the one before")
            self.world.history.tokens[link.token] = (actor.team, image_id)

        self._do(server, f"share {image_id}", act)

    def revoke(self, server: Process, actor: Actor) -> None:
        """Close the link of an image."""
        token = self._token()
        image_id = self.world.history.tokens[token][1] if token else self.image_of(actor)
        owner = self.world.teams[self.world.history.tokens[token][0] - 1] if token else actor

        async def act(ports: Ports) -> None:
            link = await publishing.revoke_share(ports, owner, image_id)
            self.world.history.revoked.add(link.token or "")

        self._do(server, f"revoke {image_id}", act)

    def visit(self, server: Process, actor: Actor) -> None:
        """Open a public page, or only its picture."""
        token, history = self._token(), self.world.history
        if not token:
            return
        counted = self.world.chance.random() < 0.6
        closed = token in history.revoked
        if counted:
            history.asked[token] += 1

        async def act(ports: Ports) -> None:
            open_ = visiting.visit if counted else visiting.peek
            await open_(ports, token)
            if counted:
                history.seen[token] += 1
            if closed:
                self.world.violated(f"link {token[:8]} opened after it was revoked")

        self._do(server, f"{'visit' if counted else 'peek'} {token[:8]}", act)

    def look(self, server: Process, actor: Actor) -> None:
        """Look at an image, which is there or not."""
        image_id, history = self.image_of(actor), self.world.history
        gone = image_id in history.removed

        async def act(ports: Ports) -> None:
            await browsing.show(ports, actor, image_id)
            if gone:
                self.world.violated(f"image {image_id} is seen after it was gone for good")

        self._do(server, f"look at {image_id}", act)

    def download(self, server: Process, actor: Actor) -> None:
        """Read an archive to its end."""
        known = list(self.world.history.exports)
        if not known:
            return
        export_id = known[int(self.world.chance.random() * len(known))]

        async def act(ports: Ports) -> None:
            archive = await packing.open_archive(ports, export_id)
            try:
                pieces = [p async for p in archive.pieces(ports.blobs, 0, archive.layout.length)]
                assert sum(map(len, pieces)) == archive.layout.length
            except BlobMissing:
                self.world.history.broken.append(export_id)

        self._do(server, "download", act)

    def _key(self) -> str:
        self.number += 1
        return f"key-{self.number}"

    def _token(self) -> str:
        tokens = list(self.world.history.tokens)
        return tokens[int(self.world.chance.random() * len(tokens))] if tokens else ""

    def _ordered(self, actor: Actor, key: str, said: Said) -> None:
        order = Order(actor.team, said["job"], said["image"])
        history = self.world.history
        if key not in history.orders:
            history.orders[key] = order
            self.images[actor.team].append(order.image_id)
            self.jobs[actor.team].append(order.job_id)

    def _wish(self, server: Process, wish: Wish) -> None:
        self.wishes.append(wish)
        self.send(server, wish)

    def send(self, server: Process, wish: Wish) -> None:
        async def act(ports: Ports) -> None:
            try:
                wish.told(await once(ports, wish, self.world.mutant.keep_answer))
            except REFUSALS:
                self.answered.add(wish.key)
                raise
            self.answered.add(wish.key)

        self._do(server, f"{wish.act.__qualname__.split('.')[1]} {wish.key}", act)

    def _do(self, server: Process, name: str, act: Callable[[Ports], Awaitable[object]]) -> None:
        async def request() -> None:
            await act(self.world.ports_of(server))

        self.world.scheduler.start(server, name, request(), self._ended)

    def _ended(self, task: Task, error: BaseException | None) -> None:
        if error is None or isinstance(error, (*REFUSALS, Unavailable, CancelledError)):
            self.world.note(f"    {task.name}: {'done' if error is None else repr(error)}")
        elif isinstance(error, Exception):
            self.world.violated(
                f"{task.process.name}, {task.name}: {type(error).__name__}: {error}"
            )


async def once(ports: Ports, wish: Wish, keep: Callable[..., Awaitable[None]]) -> Said:
    """Do it, unless it was done before: then say what was said then (see ``http.retries``)."""
    again = partial(find_answer, ports, wish.actor, wish.key, wish.key)
    found = await again()
    if found is None:
        try:
            async with drafting(ports, wish.actor.team) as draft:
                said = await wish.act(draft.ports)
                answer = _answer(wish.key, said, ports)
                await draft.keep(partial(keep, answer=answer))
                return said
        except TearsheetError:
            found = await again()
            if found is None:
                raise
    read: Said = json.loads(found.body)
    return read


def _answer(key: str, said: Said, ports: Ports) -> Answer:
    return Answer(
        key=key,
        fingerprint=key,
        status=202,
        headers=(),
        body=json.dumps(said).encode(),
        answered_at=ports.now(),
    )


Want = Callable[[Clients, Process, Actor], None]
_ASKING: list[tuple[float, Want]] = [
    (5, Clients.generate),
    (3, Clients.edit),
    (2, Clients.export),
    (3, Clients.cancel),
    (4, Clients.trash),
    (4, Clients.restore),
    (2, Clients.forever),
    (1, Clients.favorite),
    (2, Clients.bulk),
    (2, Clients.share),
    (1, Clients.revoke),
    (3, Clients.visit),
    (1, Clients.look),
    (2, Clients.download),
]
