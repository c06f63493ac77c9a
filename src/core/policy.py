"""The few numbers that an operator may choose."""

from datetime import timedelta

import attrs


@attrs.frozen(kw_only=True)
class Policy:
    """House rules, the same for every team."""

    trash_kept_for: timedelta = timedelta(days=30)
    """From the moment of deletion until the image is gone for good."""
    refund_failed: bool = True
    """Whether a job that fails gives its credits back."""
    lease: timedelta = timedelta(seconds=60)
    """How long a silent worker keeps its job. A live one renews three times within it."""
    model_timeout: timedelta = timedelta(seconds=300)
    """The longest that one attempt waits for an image model."""
