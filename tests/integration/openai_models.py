"""Our adapter, configured for a stand-in as an operator would for the server that it stands for."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import attrs

from tearsheet.adapters.openai_images.model import OpenAIImages
from tearsheet.adapters.openai_images.options import OpenAIOptions
from tearsheet.adapters.openai_images.presets import PRESETS
from tests.services.openai_dialects import KEY, MODEL
from tests.services.openai_stand_in import StandIn


def options_for(server: StandIn, preset: str = "openai", **changes: Any) -> OpenAIOptions:
    """What the preset says, and where the server is."""
    kind = PRESETS[preset]
    options = OpenAIOptions(
        model=MODEL,
        preset=kind,
        base_url=server.base_url,
        api_key=KEY if kind.needs_key else None,
        auth_header=kind.auth_header,
        response_format=kind.response_format,
    )
    return attrs.evolve(options, **changes)


@asynccontextmanager
async def model_at(
    server: StandIn, preset: str = "openai", **changes: Any
) -> AsyncIterator[OpenAIImages]:
    """The adapter, closed at the end."""
    model = OpenAIImages(options_for(server, preset, **changes))
    try:
        yield model
    finally:
        await model.close()
