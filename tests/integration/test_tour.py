"""A tour of the whole service in processes of their own: nothing that they say is a secret."""

from collections.abc import Callable
from pathlib import Path
from signal import SIGTERM
from typing import Any

import attrs
import httpx

from tests.integration.processes import Server, install, started_afresh
from tests.integration.waiting import until
from tests.services.openai_dialects import KEY
from tests.services.openai_faults import moderated, refusing
from tests.services.openai_stand_in import StandIn, stand_in

PROMPT = "a most confidential unicorn"
SECRET = "Pq3vB7rT1xZ8mK5w-of-now"
PREVIOUS = "wK5mZ8xT1rB7vPq3-of-then"
PASSWORD = "hush-says-the-broker"
ONCE = {"Idempotency-Key": "once"}


@attrs.frozen
class Tour:
    """Somebody with a token, at a service that is up, who remembers every secret on the way."""

    http: httpx.Client
    secrets: dict[str, str]
    stumbled: Callable[[], bool]
    """Whether the bug of the model was found."""

    def ask(self, method: str, path: str, **options: Any) -> httpx.Response:
        """One request."""
        return self.http.request(method, path, **options)

    def made(self, path: str, status: int, **options: Any) -> Any:
        """What a ``POST`` that works answers."""
        response = self.ask("POST", path, **options)
        assert response.status_code == status, response.text
        return response.json()

    def ended(self, image: int) -> Any:
        """The image once it is ready or failed."""

        def over() -> Any:
            found = self.ask("GET", f"/v1/images/{image}").json()["data"]
            return found if found["processing_status"] in ("ready", "failed") else None

        return until(over)

    def painted(self, provider: StandIn) -> Any:
        """A picture, one that the provider refuses, one that it takes no key for, and a bug."""
        body = {"prompt": PROMPT, "title": f"{PROMPT}!", "size": "1024x640"}
        first = self.made("/v1/generate/image", 202, json=body, headers=ONCE)
        again = self.made("/v1/generate/image", 202, json=body, headers=ONCE)
        assert again == first
        image = self.ended(first["image_id"])
        assert image["processing_status"] == "ready"
        self.made("/v1/generate/image", 202, json=body | {"prompt": f"{PROMPT}, stumble"})
        until(self.stumbled)
        for fault in (moderated("input", PROMPT), refusing(401, "invalid_api_key")):
            provider.will(fault)
            failed = self.ended(self.made("/v1/generate/image", 202, json=body)["image_id"])
            assert failed["processing_status"] == "failed"
        return image

    def files(self, image: Any) -> None:
        """Signed links, good and bad, and an archive."""
        self.secrets["signature"] = image["url"].rpartition("=")[2]
        assert self.ask("GET", image["url"]).status_code == 200
        for path in (image["url"][:-1], image["url"] + "0", f"/files/{self.secrets['signature']}"):
            assert self.ask("GET", path).status_code in (403, 404)
        export = self.made("/v1/images/bulk/export", 202, json={"ids": [image["id"]]})

        def ready() -> Any:
            report = self.ask("GET", export["status_url"]).json()
            return report if report["status"] == "ready" else None

        link = until(ready)["download_url"]
        self.secrets["archive"] = link.rpartition("=")[2]
        assert self.ask("GET", link).status_code == 200
        assert self.ask("GET", link[:-1]).status_code == 403

    def links(self, image: Any) -> None:
        """A public page with a bug behind it, and a feed; each asked for with a mistake, too."""
        share = f"/v1/images/{image['id']}/share"
        again = {"Idempotency-Key": "share"}
        token = self.made(share, 201, headers=again)["token"]
        assert self.made(share, 201, headers=again)["token"] == token
        self.secrets["share"] = token
        assert self.ask("GET", f"/s/{token}").status_code == 200
        assert self.ask("GET", f"/s/{token[:-1]}0").status_code == 404
        assert self.ask("HEAD", f"/s/{token}").status_code == 500
        assert self.ask("DELETE", share).status_code == 200
        project = self.made("/v1/projects", 201, json={"name": "The Weekly"})["data"]["id"]
        feed = self.made(f"/v1/projects/{project}/calendar/feed", 201)["url"]
        self.secrets["feed"] = feed.partition("token=")[2]
        assert self.ask("GET", feed).status_code == 200
        assert self.ask("GET", f"{feed}&{PROMPT}").status_code == 422
        assert self.ask("GET", feed[:-1]).status_code == 404

    def mistakes(self) -> None:
        """Tokens and prompts in every place where they do not belong."""
        token = self.secrets["token"]
        self.secrets["wrong token"] = wrong = token[::-1]
        for headers in ({"Authorization": f"Bearer {wrong}"}, {"Authorization": f"Basic {token}"}):
            assert self.ask("GET", "/v1/credits", headers=headers).status_code == 401
        self.ask("GET", f"/v1/credits?token={token}", headers={"Cookie": f"t={token}"})
        self.ask("GET", f"/v1/{token}", headers={"X-Request-Id": f"{PROMPT}"})
        self.ask("GET", f"/v1/images?q={PROMPT}&{token}={self.secrets['share']}")
        self.ask("PATCH", f"/v1/images/{token}", json={PROMPT: token})
        for body in (f'{{"prompt":"{PROMPT}"', f'{{"prompt":5,"{PROMPT}":1}}', PROMPT):
            assert self.ask("POST", "/v1/generate/image", content=body).status_code >= 400
        self.ask("POST", "/v1/generate/image", json={"prompt": PROMPT}, headers=ONCE)


def said_by(process: Server) -> str:
    """Everything that can be read of it by others on its machine."""
    arguments = Path(f"/proc/{process.process.pid}/cmdline").read_bytes()
    return process.out + process.err + arguments.decode()


def test_nothing_that_is_said_on_a_tour_is_a_secret(tmp_path: Path) -> None:
    """No token, link, key, password or prompt: in text and in JSON, with the traces of two bugs.

    Neither in the log nor in the metrics, nor as an argument of the process.
    """
    data = tmp_path / "data"
    token = install(data, 1_000)
    settings = {
        "DATA_DIR": str(data),
        "SECRET_KEY": SECRET,
        "SECRET_KEY_PREVIOUS": PREVIOUS,
        "BROKER_URL": f"redis://ada:{PASSWORD}@127.0.0.1:1/0",
        "IMAGE_MODEL": "openai",
        "OPENAI_API_KEY": KEY,
        "MISS_LIMIT": "off",
    }
    loud = "tests.integration.loud"
    with (
        stand_in() as provider,
        started_afresh(
            tmp_path / "server", "serve", "--port", "0",
            module=loud, OPENAI_BASE_URL=provider.base_url, **settings,
        ) as server,
        started_afresh(
            tmp_path / "worker", "worker", "--port", "0",
            module=loud, OPENAI_BASE_URL=provider.base_url, **settings,
        ) as worker,
        httpx.Client(
            base_url=server.address(), headers={"Authorization": f"Bearer {token}"}, timeout=30
        ) as http,
    ):  # fmt: skip
        tour = Tour(http, {"token": token}, lambda: "a bug in the model" in worker.err)
        image = tour.painted(provider)
        tour.files(image)
        tour.links(image)
        tour.mistakes()
        pages = http.get("/metrics").text + http.get("/health/ready").text
        pages += httpx.get(f"{worker.address()}/metrics").text
        said = {"server": said_by(server), "worker": said_by(worker), "pages": pages}
        assert server.stop(SIGTERM) == 0

    for log in (server.out, server.err):
        assert "GET /s/… 200" in log
        assert "a bug behind a link" in log
    for log in (server.out, server.err, worker.out, worker.err):
        assert "Traceback" in log
    secrets = tour.secrets | {"key": SECRET, "key before": PREVIOUS, "provider's key": KEY}
    secrets |= {"password": PASSWORD, "prompt": PROMPT, "a word of it": "unicorn"}
    assert len(set(secrets.values())) == 12
    for who, text in said.items():
        for name, secret in secrets.items():
            lines = [line for line in text.splitlines() if secret in line]
            assert lines == [], f"{who}: {name}"
