"""Servers that speak the API with an accent: Azure, and what people run at home."""

import base64
import re
from typing import Any, ClassVar

import attrs
from PIL import Image

from tests.services.openai_dialects import KEY, Dialect, OpenAI, error
from tests.services.openai_pictures import Size
from tests.services.openai_requests import Asked, Part, Refusal, Request


class Azure(OpenAI):
    """The key in another header, deployments in place of models, no webp."""

    root: ClassVar = "/openai/v1"
    media_types: ClassVar = frozenset({"image/png", "image/jpeg"})
    formats: ClassVar[tuple[str, ...]] = ("png", "jpeg")

    def check_key(self, request: Request) -> None:
        """In ``api-key``, and nowhere else."""
        if request.headers.get("api-key") != KEY or "authorization" in request.headers:
            raise error(401, "401", None)

    def check_values(self, asked: Asked) -> None:
        """No quality ``auto`` either."""
        if asked.text("quality") not in (None, "low", "medium", "high"):
            raise error(400, "invalid_value", "quality")
        super().check_values(asked)


class StableDiffusionCpp(Dialect):
    """No key; errors are texts; a null throws in its parser; white in a mask is painted anew."""

    def check(self, asked: Asked) -> None:
        """Little."""
        if None in asked.fields.values():
            raise Refusal(500, {"error": "server_error", "message": "type_error.302"})
        if not asked.text("prompt"):
            raise Refusal(400, {"error": "prompt required"})
        if asked.is_form and asked.text("output_format") == "webp":
            raise Refusal(400, {"error": "invalid output_format"})
        for part in asked.files:
            self.check_file(part)
        if "authorization" in asked.request.headers:
            raise Refusal(400, {"error": "who asked for a key?"})

    def check_file(self, part: Part) -> None:
        """The real one skips what it cannot read, without a word; here that is an error."""
        if part.media_type not in ("image/png", "image/jpeg"):
            raise Refusal(400, {"error": "at least one image is required"})

    def area(self, mask: Image.Image) -> Image.Image:
        """White, or nearly."""
        assert mask.mode == "L"
        return mask.point([0] * 128 + [255] * 128)


@attrs.define
class LocalAI(Dialect):
    """Addresses in place of pictures unless asked; no edits; a bar splits the prompt."""

    smallest: ClassVar[Size] = (512, 512)
    pictures: dict[str, bytes] = attrs.field(factory=dict)
    painted: list[str] = attrs.field(factory=list)
    """The words that were understood as what to paint."""
    elsewhere: str | None = None
    """What addresses begin with, where that is not this server."""

    def check(self, asked: Asked) -> None:
        """One route alone."""
        if asked.request.path != "/v1/images/generations":
            raise Refusal(404, {"error": {"code": 404, "message": "Not Found", "type": ""}})

    def words(self, asked: Asked) -> str:
        """What stands before the bar."""
        self.painted.append((asked.text("prompt") or "").partition("|")[0])
        return self.painted[-1]

    def body(self, asked: Asked, data: bytes, address: str) -> dict[str, Any]:
        """An address, or the picture."""
        usage = {"total_tokens": 0, "input_tokens": 0, "output_tokens": 0}
        if asked.text("response_format") == "b64_json":
            return {**super().body(asked, data, address), "usage": usage}
        path = f"/generated-images/b64{len(self.pictures)}.png"
        self.pictures[path] = data
        return {"created": 1, "data": [{"url": (self.elsewhere or address) + path}]}

    def look_up(self, request: Request) -> Any:
        """A picture under its address."""
        if request.path not in self.pictures:
            raise Refusal(404, "gone")
        return self.pictures[request.path]


class VllmOmni(Dialect):
    """Errors as FastAPI has them; fields that it does not fill are null."""

    smallest: ClassVar[Size] = (1024, 1024)

    def check(self, asked: Asked) -> None:
        """A size that can be read, and no addresses."""
        if asked.text("response_format") not in (None, "b64_json"):
            raise Refusal(400, {"detail": "Only response_format='b64_json' is supported"})
        size = asked.text("size")
        if size is not None and not re.fullmatch(r"\d+x\d+", size):
            where = ["body", "size"]
            raise Refusal(422, {"detail": [{"loc": where, "msg": "bad", "type": "value_error"}]})
        if not asked.text("prompt"):
            raise Refusal(422, {"detail": [{"loc": ["body", "prompt"], "msg": "missing"}]})

    def body(self, asked: Asked, data: bytes, address: str) -> dict[str, Any]:
        """Two nulls beside the picture."""
        item = {"b64_json": base64.b64encode(data).decode(), "url": None, "revised_prompt": None}
        return {"created": 1, "data": [item]}
