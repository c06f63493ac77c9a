"""The public reference, as data: every row of its tables, and its three commands as printed."""

import json
import re
import shlex
from typing import Any

import attrs

from .calling import Json

PLAN = r"""curl -X POST "$BASE/projects/12/calendar" \
-H "Authorization: Bearer $TOKEN" -H "Content-Type: application/json" \
-d '{
"title": "AI Coding Tools — Launch Post",
"scheduled_at": "2026-05-15T09:00:00Z",
"article_id": 88,
"status": "scheduled"
}'"""

EDIT = r"""curl -X POST "$BASE/images/42/edit" \
-H "Authorization: Bearer $TOKEN" -H "Content-Type: application/json" \
-d '{"prompt":"same scene, golden hour lighting"}'"""

POLL = r"""curl "$BASE/images/42" -H "Authorization: Bearer $TOKEN" \
| jq '.data.variants[-1] | {id, processing_status, url}'"""


@attrs.frozen
class Command:
    """A command line of curl, and what jq is to make of the answer."""

    method: str
    url: str
    headers: dict[str, str]
    body: bytes | None
    wanted: str | None

    @classmethod
    def read(cls, text: str, **variables: str) -> "Command":
        """Split the line as a shell would, and put the variables in."""
        for name, value in variables.items():
            text = text.replace(f"${name}", value)
        words = iter(shlex.split(text.replace("\\\n", " ")))
        assert next(words) == "curl"
        method, url, body, wanted, headers = "GET", "", None, None, dict[str, str]()
        for word in words:
            match word:
                case "-X":
                    method = next(words)
                case "-H":
                    name, _, value = next(words).partition(": ")
                    headers[name] = value
                case "-d":
                    body = next(words).replace("\n", "").encode()  # as curl sends it
                case "|":
                    assert next(words) == "jq"
                    wanted = next(words)
                case _:
                    url = word
        return cls(method, url, headers, body, wanted)

    def pick(self, answer: Json) -> Json:
        """What jq makes of an answer: a path, then an object of some fields."""
        path, _, fields = (self.wanted or "").partition(" | ")
        found: Any = answer
        for name, index in re.findall(r"\.(\w+)|\[(-?\d+)\]", path):
            found = found[name] if name else found[int(index)]
        return {name: found[name] for name in re.findall(r"\w+", fields)}


PLANNED: Json = json.loads(PLAN.partition("-d '")[2].rpartition("'")[0])
"""The body of the first command."""


@attrs.frozen
class Row:
    """One endpoint; ``status`` is what a good request is answered with."""

    method: str
    path: str
    credits: int
    says: str
    status: int = 200
    body: Json | None = None
    """``[image]`` among ids stands for an image of the caller."""


ROWS = [
    Row("GET", "/v1/projects/{project}/calendar", 0, "all events of a project"),
    Row("POST", "/v1/projects/{project}/calendar", 0, "plan an event", 201, PLANNED),
    Row("GET", "/v1/calendar/{event}", 0, "one event"),
    Row("PUT", "/v1/calendar/{event}", 0, "change title, time, status, article", 200, PLANNED),
    Row("DELETE", "/v1/calendar/{event}", 0, "remove an event", 204),
    Row("GET", "/v1/projects/{project}/images", 0, "the images of one project"),
    Row("GET", "/v1/images", 0, "the gallery, filtered"),
    Row("GET", "/v1/images/trash", 0, "what was deleted"),
    Row("GET", "/v1/images/{image}", 0, "one image with variants and parents"),
    Row("POST", "/v1/generate/image", 5, "a new image, later", 202, {"prompt": "a hero image"}),
    Row(
        "POST", "/v1/images/{image}/edit", 10, "a variant, later", 202,
        {"prompt": "same scene, golden hour lighting"},
    ),
    Row(
        "PATCH", "/v1/images/{image}", 0, "change title and tags", 200,
        {"title": "Hero", "tags": ["launch"]},
    ),
    Row("POST", "/v1/images/{image}/favorite", 0, "flip the favourite mark"),
    Row("DELETE", "/v1/images/{image}", 0, "to the trash for 30 days"),
    Row("POST", "/v1/images/{trashed}/restore", 0, "out of the trash"),
    Row("DELETE", "/v1/images/{trashed}/forever", 0, "for good, from the trash alone", 204),
    Row("POST", "/v1/images/bulk/delete", 0, "up to 200 to the trash", 200, {"ids": ["image"]}),
    Row("POST", "/v1/images/bulk/restore", 0, "up to 200 out of it", 200, {"ids": ["trashed"]}),
    Row("POST", "/v1/images/bulk/export", 0, "up to 500 as a ZIP", 202, {"ids": ["image"]}),
    Row("GET", "/v1/images/exports/{export}", 0, "how far a ZIP is"),
    Row("POST", "/v1/images/{image}/open-in-chat", 0, "a chat about an image", 201),
    Row("POST", "/v1/images/{image}/share", 0, "a public link, the same each time", 201),
    Row(
        "PATCH", "/v1/images/{shared}/share", 0, "another end of it", 200,
        {"expires_at": "2026-06-01T00:00:00Z"},
    ),
    Row("DELETE", "/v1/images/{shared}/share", 0, "revoke it and keep the count"),
]  # fmt: skip
"""In the order of the reference; what each says is told in our words."""
