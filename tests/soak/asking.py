"""How a client asks: each request is written down before and after, with what is known of it."""

import random
import threading
import time
from collections.abc import Callable
from typing import Any

import attrs
import httpx

from tests.soak.history import Act, History, Outcome
from tests.soak.moments import Moment, Moments

TIMEOUT = 30.0
"""Seconds for an answer; more than any part of the service takes for its own patience."""

PATIENCE = 60.0
"""Seconds that a client goes on to repeat a request whose answer it did not get."""

Take = Callable[[httpx.Response], Any]
"""Takes from a good answer what the judge will want to know."""


@attrs.define
class Scene:
    """What all clients share."""

    history: History
    moments: Moments
    servers: dict[str, str] = attrs.field(factory=dict)
    """Where there is somebody to ask now, by the name of the process."""
    over: threading.Event = attrs.field(factory=threading.Event)
    complaints: list[str] = attrs.field(factory=list)
    """Answers that nobody should ever get."""


@attrs.define
class Client:
    """Somebody with a name and, as a rule, a token."""

    scene: Scene
    title: str
    chance: random.Random
    token: str | None = None
    pause: tuple[float, float] = (0.05, 0.25)
    """Seconds between two things that it does."""
    http: httpx.Client = attrs.field(init=False)

    def __attrs_post_init__(self) -> None:
        headers = {} if self.token is None else {"Authorization": f"Bearer {self.token}"}
        self.http = httpx.Client(headers=headers, timeout=TIMEOUT, verify=False)  # noqa: S501

    def run(self) -> None:
        """Go on until told to stop."""
        with self.http:
            while not self.scene.over.wait(self.chance.uniform(*self.pause)):
                self.act()

    def act(self) -> None:
        """Do one thing."""
        raise NotImplementedError

    def ask(
        self,
        name: str,
        method: str,
        path: str,
        *,
        image: int | None = None,
        body: Any = None,
        key: str | None = None,
        about: Any = None,
        take: Take = lambda _: None,
        moment: Moment | None = None,
    ) -> Act:
        """One request to any server; what came of it."""
        act = self.scene.history.begin(self.title, name, image, key, about)
        headers = {} if key is None else {"Idempotency-Key": key}
        process, address = self._somebody()
        try:
            response = self.http.request(method, address + path, json=body, headers=headers)
        except (httpx.ConnectError, httpx.ConnectTimeout):
            act.outcome = Outcome.FAIL
        except httpx.TransportError as error:
            act.outcome, act.late = Outcome.UNKNOWN, isinstance(error, httpx.TimeoutException)
        else:
            self._judge(act, response, take)
            if act.is_ok and moment is not None:
                self.scene.moments.tell(moment, process)
        self.scene.history.end(act)
        return act

    def _somebody(self) -> tuple[str, str]:
        """One of the servers; where none is there, it is waited for."""
        deadline = time.monotonic() + PATIENCE
        while not (there := list(self.scene.servers.items())):
            if time.monotonic() > deadline:
                raise TimeoutError("no server is there")
            time.sleep(0.01)
        return self.chance.choice(there)

    def _judge(self, act: Act, response: httpx.Response, take: Take) -> None:
        act.status = response.status_code
        if response.status_code < 300:
            act.outcome, act.answer = Outcome.OK, take(response)
        elif response.status_code < 500:
            act.outcome, act.answer = Outcome.FAIL, _code(response)
        else:
            act.outcome, act.answer = Outcome.UNKNOWN, _code(response)
            if response.status_code != 503 or "retry-after" not in response.headers:
                self.scene.complaints.append(f"{act} was told {response.text}")

    def insist(self, *arguments: Any, **options: Any) -> Act:
        """Ask again and again, with the same key, until the outcome is certain."""
        deadline = time.monotonic() + PATIENCE
        while True:
            act = self.ask(*arguments, **options)
            told = act.status is not None and act.status < 500 and act.answer != IN_PROGRESS
            if told or time.monotonic() > deadline:
                return act
            time.sleep(0.1)


IN_PROGRESS = "idempotency_in_progress"


def _code(response: httpx.Response) -> str:
    try:
        return str(response.json()["code"])
    except (ValueError, KeyError, TypeError):
        return response.text[:200]
