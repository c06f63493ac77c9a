"""Somebody who calls the service, with the words of its main job."""

from typing import Any, TypeVar

import attrs
import httpx

from tests.integration.waiting import until

from .judging import Judge

C = TypeVar("C", bound="Caller")

Json = dict[str, Any]


@attrs.frozen
class Caller:
    """A client with a token, or without one. Every answer that it gets is judged."""

    http: httpx.Client
    judge: Judge
    token: str | None = attrs.field(default=None, repr=False)

    def ask(
        self, method: str, path: str, *, headers: dict[str, str] | None = None, **more: Any
    ) -> httpx.Response:
        """One request and its answer."""
        own = {} if self.token is None else {"Authorization": f"Bearer {self.token}"}
        response = self.http.request(method, path, headers=own | (headers or {}), **more)
        self.judge.check(response)
        return response

    def get(self, path: str, **more: Any) -> httpx.Response:
        """Look."""
        return self.ask("GET", path, **more)

    def post(self, path: str, **more: Any) -> httpx.Response:
        """Send."""
        return self.ask("POST", path, **more)

    def send(self, path: str, body: bytes, kind: str = "application/json") -> httpx.Response:
        """Send a body exactly as it is."""
        return self.post(path, content=body, headers={"Content-Type": kind})

    def asked_for(self, prompt: str = "a red balloon", **more: Any) -> Json:
        """The receipt of a new image."""
        response = self.post("/v1/generate/image", json={"prompt": prompt, **more})
        assert response.status_code == 202, response.text
        receipt: Json = response.json()
        return receipt

    def edited(self, image_id: int, prompt: str = "at golden hour", **more: Any) -> Json:
        """The receipt of a variant."""
        response = self.post(f"/v1/images/{image_id}/edit", json={"prompt": prompt, **more})
        assert response.status_code == 202, response.text
        receipt: Json = response.json()
        return receipt

    def shown(self, path: str, **query: Any) -> Json:
        """What is at an address that must answer."""
        response = self.get(path, params=query or None)
        assert response.status_code == 200, response.text
        body: Json = response.json()
        return body

    def image(self, image_id: int) -> Json:
        """One image as it is now."""
        data: Json = self.shown(f"/v1/images/{image_id}")["data"]
        return data

    def ended(self, receipt: Json) -> Json:
        """The image of a receipt, once it is ready or failed."""

        def over() -> Json | None:
            image = self.image(receipt["image_id"])
            return image if image["processing_status"] in ("ready", "failed") else None

        return until(over)

    def job(self, receipt: Json) -> Json:
        """The job of a receipt as it is now."""
        data: Json = self.shown(receipt["status_url"])["data"]
        return data

    def credits(self) -> tuple[int, int]:
        """What can be spent, and what is held."""
        data = self.shown("/v1/credits")["data"]
        return data["balance"], data["held"]

    def listed(self, **query: Any) -> Json:
        """A page of the gallery."""
        return self.shown("/v1/images", **query)


def fields_of(response: httpx.Response) -> dict[str, str]:
    """Field → message of a refusal."""
    return {error["field"]: error["message"] for error in response.json()["errors"]}


def refused(response: httpx.Response, status: int, code: str) -> Json:
    """The body of a refusal with this status and code."""
    assert (response.status_code, response.json()["code"]) == (status, code), response.text
    body: Json = response.json()
    return body
