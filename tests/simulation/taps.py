"""Ports with a tap on every call: one place through which all that a use case asks for runs.

The taps are made from the protocols themselves, so a port or a method that is new is tapped too.
"""

import inspect
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AbstractAsyncContextManager
from functools import cache, partial
from types import TracebackType
from typing import Any, Protocol, get_type_hints

import attrs

from tearsheet.core import ports as ports_page
from tearsheet.core import repositories as repositories_page
from tearsheet.core.ids import TeamId
from tearsheet.core.ports import (
    ArticleLookup,
    BlobStore,
    Directory,
    ImageModel,
    ImageModels,
    JobQueue,
    Lobby,
    Ports,
    Thumbnails,
    Unit,
    View,
)

Call = Callable[..., Awaitable[Any]]


class Tap(Protocol):
    """What happens around a call."""

    def __call__(self, name: str, call: Call, *args: Any, **kwargs: Any) -> Awaitable[Any]:
        """Make the call named ``unit.images.get`` or the like, or do not."""
        ...


def members(protocol: type) -> Iterator[tuple[str, Any]]:
    """What a protocol promises: its methods and properties, inherited ones too."""
    for name in dir(protocol):
        if not name.startswith("_"):
            yield name, inspect.getattr_static(protocol, name)


def is_port(hint: object) -> bool:
    """Whether a type is one of the protocols of the core's two pages."""
    return isinstance(hint, type) and hint.__module__ in _PAGES and Protocol in hint.__bases__


_PAGES = (ports_page.__name__, repositories_page.__name__)


def calls(protocol: type, at: str) -> Iterator[str]:
    """The names of all calls that a port takes, and those of the ports that it leads to."""
    for name, member in members(protocol):
        if not isinstance(member, property):
            yield f"{at}.{name}"
        elif is_port(hint := get_type_hints(member.fget)["return"]):
            yield from calls(hint, f"{at}.{name}")


DOORS: dict[str, type] = {
    "lobby": Lobby,
    "directory": Directory,
    "thumbnails": Thumbnails,
    "blobs": BlobStore,
    "queue": JobQueue,
    "articles": ArticleLookup,
}
"""The ports that stand in ``Ports`` just as they are."""


def every_call() -> frozenset[str]:
    """The name of every call of every port."""
    doors: dict[str, type] = {**DOORS, "unit": Unit, "view": View, "model": ImageModel}
    found = {name for at, protocol in doors.items() for name in calls(protocol, at)}
    return frozenset(found | {"unit.open", "view.open"})


def tapped_ports(ports: Ports, tap: Tap) -> Ports:
    """The same ports; every call goes through the tap."""
    models = (tapped(model, ImageModel, tap, "model") for model in ports.models.models)
    return attrs.evolve(
        ports,
        unit=partial(_Opened, ports.unit, tap, "unit", Unit),
        view=partial(_Opened, ports.view, tap, "view", View),
        models=ImageModels(tuple(models)),
        **{at: tapped(getattr(ports, at), door, tap, at) for at, door in DOORS.items()},
    )


def tapped(real: Any, protocol: type, tap: Tap, at: str) -> Any:
    """The port ``real``; every call goes through the tap, under a name that begins with ``at``."""
    return _class_of(protocol, at)(real, tap)


class _Tapped:
    """What all tapped ports have."""

    __slots__ = ("_real", "_tap")

    def __init__(self, real: Any, tap: Tap) -> None:
        self._real = real
        self._tap = tap


@cache
def _class_of(protocol: type, at: str) -> type[_Tapped]:
    made = {name: _tap_on(name, member, f"{at}.{name}") for name, member in members(protocol)}
    return type(f"Tapped{protocol.__name__}", (_Tapped,), {**made, "__slots__": ()})


def _tap_on(name: str, member: Any, called: str) -> Any:
    if isinstance(member, property):
        hint = get_type_hints(member.fget)["return"]
        if not is_port(hint):
            return property(lambda self: getattr(self._real, name))
        nested = _class_of(hint, called)
        return property(lambda self: nested(getattr(self._real, name), self._tap))
    if inspect.iscoroutinefunction(member):

        def call(self: Any, *args: Any, **kwargs: Any) -> Awaitable[Any]:
            answer: Awaitable[Any] = self._tap(called, getattr(self._real, name), *args, **kwargs)
            return answer

        return call

    async def each(self: Any, *args: Any, **kwargs: Any) -> AsyncIterator[Any]:
        async def all_of_it() -> list[Any]:
            return [item async for item in getattr(self._real, name)(*args, **kwargs)]

        for item in await self._tap(called, all_of_it):
            yield item

    return each


class _Opened:
    """A unit or a view; opening it is a call as well."""

    def __init__(
        self,
        door: Callable[[TeamId], AbstractAsyncContextManager[Any]],
        tap: Tap,
        at: str,
        protocol: type,
        team: TeamId,
    ) -> None:
        self._inside = door(team)
        self._tap, self._at, self._protocol = tap, at, protocol

    async def __aenter__(self) -> Any:
        real = await self._tap(f"{self._at}.open", self._inside.__aenter__)
        return tapped(real, self._protocol, self._tap, self._at)

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        where: TracebackType | None,
    ) -> bool | None:
        return await self._inside.__aexit__(kind, error, where)
