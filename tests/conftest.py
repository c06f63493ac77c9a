"""What every test shares: the event loop, and how hard Hypothesis tries.

``HYPOTHESIS_PROFILE=nightly`` searches for an hour where ``dev`` searches for seconds.
"""

import os

import pytest
from hypothesis import HealthCheck, settings

settings.register_profile(
    "dev",
    max_examples=25,
    stateful_step_count=25,
    deadline=None,
    print_blob=True,
    suppress_health_check=[HealthCheck.too_slow],  # a busy machine is not a bug
)
settings.register_profile("ci", settings.get_profile("dev"), derandomize=True)
settings.register_profile(
    "nightly", settings.get_profile("dev"), max_examples=5_000, stateful_step_count=60
)
settings.load_profile(
    os.environ.get("HYPOTHESIS_PROFILE") or ("ci" if os.environ.get("CI") else "dev")
)


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    """Async tests run on asyncio, which is what the adapters are made for."""
    return "asyncio"
