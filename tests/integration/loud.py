"""The command at its most talkative, with two bugs: what a log could give away, this one would.

An image model that is asked for something with ``stumble`` in it, and whoever asks a shared page
for its head, find a bug, with everything secret in reach of its trace.
"""

import logging
import sys
from typing import Any

from tearsheet.adapters.openai_images.model import OpenAIImages
from tearsheet.core.gallery.model import ImageRequest
from tearsheet.core.sharing.visiting import PublicPicture
from tearsheet.entrypoints import cli, logs
from tearsheet.entrypoints.http import share_page

paint = OpenAIImages.generate


async def stumble(model: OpenAIImages, request: ImageRequest, call: Any) -> Any:
    """Paint, or find a bug."""
    if "stumble" in request.prompt:
        raise RuntimeError("a bug in the model")
    return await paint(model, request, call)


async def fall(_ports: object, token: str) -> PublicPicture:
    """Find a bug while the token is known."""
    raise RuntimeError(f"a bug behind a link of {len(token)} characters")


set_up = logs.set_up_logging


def loudly(style: str, _level: int) -> None:
    """Everything that we have to say, on standard error; and in JSON on standard output, too."""
    set_up(style, logging.DEBUG)
    both = logging.StreamHandler(sys.stdout)
    both.setFormatter(logs.JsonLines())
    logging.getLogger().addHandler(both)


def replace(owner: Any, name: str, new: Any) -> None:
    """Let ``owner`` have another ``name`` in this process."""
    setattr(owner, name, new)


if __name__ == "__main__":
    replace(OpenAIImages, "generate", stumble)
    replace(share_page, "peek", fall)
    replace(logs, "set_up_logging", loudly)
    cli.main()
