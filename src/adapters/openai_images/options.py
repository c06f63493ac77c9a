"""What an operator chooses about the server."""

import attrs

from ...core.gallery.model import ModelCapabilities
from .presets import OPENAI, OPENAI_URL, AuthHeader, Preset

DEFAULT_MODEL = "gpt-image-2.6-flare"
"""Its predecessors have been shut down, or soon will be."""


@attrs.frozen(kw_only=True)
class OpenAIOptions:
    """One model at one server."""

    model: str = DEFAULT_MODEL
    preset: Preset = OPENAI
    base_url: str = OPENAI_URL
    api_key: str | None = attrs.field(default=None, repr=False)
    auth_header: AuthHeader = AuthHeader.BEARER
    response_format: str | None = None
    moderation: str | None = None
    result_hosts: tuple[str, ...] | None = None
    """Hosts, besides the server's own, that a picture may be fetched from when an answer holds an
    address in place of it. None: no address is ever followed."""

    @property
    def capabilities(self) -> ModelCapabilities:
        """What the model takes."""
        return self.preset.capabilities(self.model)
