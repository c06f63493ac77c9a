"""How each server speaks the API: what it refuses, in which words, and what it answers."""

import base64
import re
from typing import Any, ClassVar

import attrs
from PIL import Image

from tests.services.openai_pictures import Size, changed, packed, read, tiles
from tests.services.openai_requests import Asked, Part, Refusal, Request

KEY = "sk-a-key-of-the-tests"
MODEL = "gpt-image-2.6-flare"
FIELDS = [
    "model",
    "prompt",
    "n",
    "size",
    "quality",
    "background",
    "output_format",
    "output_compression",
    "moderation",
    "stream",
    "partial_images",
    "safety_identifier",
    "user",
    "complexity",
]


class Dialect:
    """A server that takes anything and answers with the picture, as most of them do."""

    root: ClassVar = "/v1"
    smallest: ClassVar[Size] = (512, 512)
    """What it paints when no size is named."""

    def answer(self, asked: Asked, address: str) -> dict[str, Any]:
        """The body of a 200, or ``Refusal``."""
        self.check(asked)
        picture = self.paint(asked)
        data = packed(picture, asked.text("output_format") or "png")
        return self.body(asked, data, address)

    def check(self, asked: Asked) -> None:
        """Raise ``Refusal`` for what this server does not take."""

    def body(self, asked: Asked, data: bytes, address: str) -> dict[str, Any]:
        """What stands around the picture."""
        return {"created": 1, "data": [{"b64_json": base64.b64encode(data).decode()}]}

    def look_up(self, request: Request) -> Any:
        """What a GET finds."""
        raise Refusal(404, {"detail": "Not Found"})

    def paint(self, asked: Asked) -> Image.Image:
        """Tiles; for an edit, over the source."""
        words = self.words(asked).encode()
        sources = [part for part in asked.files if part.name in ("image", "image[]")]
        if not sources:
            return tiles(self.size(asked) or self.smallest, words)
        source = read(sources[0].data)
        masks = [part for part in asked.files if part.name == "mask"]
        area = self.area(read(masks[0].data)) if masks else None
        return changed(source, area, self.size(asked) or source.size, words)

    def words(self, asked: Asked) -> str:
        """What is painted."""
        return asked.text("prompt") or ""

    def size(self, asked: Asked) -> Size | None:
        """The size that was asked for."""
        text = asked.text("size")
        match = re.fullmatch(r"(\d+)x(\d+)", text or "")
        return (int(match[1]), int(match[2])) if match else None

    def area(self, mask: Image.Image) -> Image.Image:
        """White where the picture may change: here, where the mask is transparent."""
        return mask.getchannel("A").point([255] + [0] * 255)


def error(
    status: int, code: str | None, param: str | None, type_: str = "invalid_request_error"
) -> Refusal:
    """A refusal in OpenAI's own words."""
    message = f"{code} {param} (key {KEY}, see https://platform.openai.com/account)"
    return Refusal(
        status, {"error": {"message": message, "type": type_, "param": param, "code": code}}
    )


def user_error(param: str, code: str = "invalid_value") -> Refusal:
    """What the back end says of a file."""
    return error(400, code, param, "image_generation_user_error")


@attrs.define
class OpenAI(Dialect):
    """Strict: no field that it does not know, no null, no file that it cannot read."""

    smallest: ClassVar[Size] = (1024, 1024)
    models: tuple[str, ...] = (MODEL, "gpt-image-2")
    shutdown_dates: dict[str, Any] = attrs.field(factory=dict)

    fields: ClassVar = frozenset(FIELDS)
    media_types: ClassVar = frozenset({"image/png", "image/jpeg", "image/webp"})
    formats: ClassVar[tuple[str, ...]] = ("png", "jpeg", "webp")

    def look_up(self, request: Request) -> Any:
        """The list of models."""
        self.check_key(request)
        if request.path != f"{self.root}/models":
            raise error(404, "not_found", None)
        models = [
            {"id": name, "object": "model", "shutdown_date": self.shutdown_dates.get(name)}
            for name in self.models
        ]
        return {"object": "list", "data": models}

    def check(self, asked: Asked) -> None:
        """Everything, in the order in which the service looks."""
        self.check_key(asked.request)
        if (
            asked.request.path
            != f"{self.root}/images/{'edits' if asked.is_form else 'generations'}"
        ):
            raise error(404, "not_found", None)
        for name, value in asked.fields.items():
            if name not in self.fields:
                raise error(400, "unknown_parameter", name)
            if value is None:
                raise error(400, "invalid_type", name)
        if not asked.fields.get("model"):
            raise error(400, "missing_required_parameter", "model")
        if asked.fields["model"] not in self.models:
            raise error(404, "model_not_found", "model")
        self.check_values(asked)
        if asked.is_form:
            self.check_files(asked.files)

    def check_key(self, request: Request) -> None:
        """A bearer token."""
        given = request.headers.get("authorization")
        if given is None:
            raise error(401, None, None)
        if given != f"Bearer {KEY}":
            raise error(401, "invalid_api_key", None)

    def check_values(self, asked: Asked) -> None:
        """What each field may be."""
        if not 1 <= len(asked.text("prompt") or "") <= 32_000:
            raise error(400, "invalid_value", "prompt")
        fine = re.match(r"gpt-image-2\.[56]-", asked.fields["model"]) is not None
        allowed = {
            "quality": ["low", "medium", "high", "auto", *(["xhigh", "max"] if fine else [])],
            "background": ["opaque", "auto", *(["transparent"] if fine else [])],
            "output_format": self.formats,
            "moderation": ["auto", "low"],
            "n": ["1"],
        }
        for name, values in allowed.items():
            if name in asked.fields and asked.text(name) not in values:
                raise error(400, "invalid_value", name)
        if asked.text("background") == "transparent" and asked.text("output_format") == "jpeg":
            raise error(400, "invalid_value", "background")
        if asked.text("size") not in (None, "auto"):
            self.check_size(self.size(asked))

    def check_size(self, size: Size | None) -> None:
        """Steps of 16, 1:3 to 3:1, 655,360 to 8,294,400 pixels."""
        short, long = sorted(size or (0, 0))
        fits = short % 16 == 0 == long % 16 and long <= 3840 and long <= 3 * short
        if not (fits and 655_360 <= short * long <= 8_294_400):
            raise error(400, "invalid_value", "size")

    def check_files(self, files: tuple[Part, ...]) -> None:
        """One picture that it can read, and a mask that fits it."""
        images = [part for part in files if part.name == "image"]
        if len(images) != 1 or not {part.name for part in files} <= {"image", "mask"}:
            raise error(400, "duplicate_parameter", "image")
        if images[0].media_type not in self.media_types:
            raise error(400, "unsupported_file_mimetype", "image")
        picture = _decoded(images[0], "image", ("RGB", "RGBA"))
        if f"image/{(picture.format or '').lower()}" != images[0].media_type:
            raise user_error("image")
        if len(images[0].data) >= 50_000_000:
            raise user_error("image")
        for part in (part for part in files if part.name == "mask"):
            mask = _decoded(part, "mask", ("RGBA", "LA"))
            if mask.format != "PNG" or len(part.data) >= 4 * 1024 * 1024:
                raise user_error("mask")
            if mask.size != picture.size:
                raise user_error("mask")

    def body(self, asked: Asked, data: bytes, address: str) -> dict[str, Any]:
        """With what was painted, and what it cost."""
        picture = read(data)
        return {
            **super().body(asked, data, address),
            "background": asked.text("background") or "opaque",
            "output_format": asked.text("output_format") or "png",
            "quality": asked.text("quality") or "high",
            "size": f"{picture.width}x{picture.height}",
            "usage": {"input_tokens": 10, "output_tokens": 4_000, "total_tokens": 4_010},
        }


def _decoded(part: Part, param: str, modes: tuple[str, ...]) -> Image.Image:
    try:
        picture = read(part.data)
    except Exception as broken:
        raise user_error(param) from broken
    if picture.mode not in modes:
        raise user_error(param)
    return picture
