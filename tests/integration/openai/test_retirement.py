"""The end of a model is looked up beside the service's start, and nobody waits for it."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tearsheet.adapters.openai_images.connection import Connection
from tearsheet.adapters.openai_images.retirement import look, shutdown_of
from tests.integration.openai_models import model_at, options_for
from tests.integration.waiting import eventually
from tests.services.openai_dialects import MODEL, OpenAI
from tests.services.openai_stand_in import StandIn, stand_in

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)


async def warnings(server: StandIn, caplog: pytest.LogCaptureFixture, **options: Any) -> list[str]:
    """What the operator is told on 2026-11-24."""
    connection = Connection(options_for(server, **options), lambda: NOW)
    await look(connection, MODEL, lambda: NOW)
    await connection.close()
    return [line.getMessage() for line in caplog.records if line.levelname == "WARNING"]


@pytest.mark.parametrize(
    ("end", "day"),
    [
        ("2026-12-24", "2026-12-24"),
        ("2026-12-24T12:00:00Z", "2026-12-24"),
        (NOW.timestamp() + 30 * 86_400, "2026-12-24"),
        ("2026-11-01", "2026-11-01"),
    ],
)
async def test_a_model_that_ends_within_thirty_days_is_announced(
    end: object, day: str, caplog: pytest.LogCaptureFixture
) -> None:
    """Or that should be gone already; in whichever form the list has the date."""
    with stand_in(OpenAI(shutdown_dates={MODEL: end})) as server:
        assert await warnings(server, caplog) == [
            f"{MODEL} shuts down on {day}; choose another model"
        ]


@pytest.mark.parametrize(
    "end", [None, "2026-12-25", "2026-12-24T12:00:01Z", "soon", True, {}, [], 10**30, "2026-02-30"]
)
async def test_any_other_date_is_passed_over(end: object, caplog: pytest.LogCaptureFixture) -> None:
    """It is far away, or none."""
    with stand_in(OpenAI(shutdown_dates={MODEL: end})) as server:
        assert await warnings(server, caplog) == []


async def test_another_model_s_end_does_not_matter(caplog: pytest.LogCaptureFixture) -> None:
    """Only the one that is asked."""
    with stand_in(OpenAI(shutdown_dates={"gpt-image-2": "2026-11-25"})) as server:
        assert await warnings(server, caplog) == []


@pytest.mark.parametrize("wrong", [{"api_key": "sk-other"}, {"base_url": "http://127.0.0.1:9"}])
async def test_a_list_that_cannot_be_had_is_no_trouble(
    wrong: dict[str, str], server: StandIn, caplog: pytest.LogCaptureFixture
) -> None:
    """Nothing is raised and nobody is warned: many servers have no list."""
    assert await warnings(server, caplog, **wrong) == []


@pytest.mark.parametrize(
    "body", [b"", b"[]", b"{}", b'{"data": 7}', b'{"data": [7]}', b'{"data": [{}]}', b"[" * 9_999]
)
def test_a_list_may_be_anything(body: bytes) -> None:
    """Then there is no date in it."""
    assert shutdown_of(MODEL, body) is None


async def test_it_is_looked_up_beside_what_runs(caplog: pytest.LogCaptureFixture) -> None:
    """The block runs at once; the warning comes when it comes."""
    tomorrow = (datetime.now(UTC) + timedelta(days=1)).isoformat()
    with stand_in(OpenAI(shutdown_dates={MODEL: tomorrow})) as server:
        async with model_at(server) as images, images.looking_ahead():

            async def warned() -> bool:
                return "shuts down on" in caplog.text

            assert await eventually(warned)


async def test_what_is_not_answered_is_not_waited_for(server: StandIn) -> None:
    """The block may end before the server was even found."""
    async with model_at(server) as images, images.looking_ahead():
        assert images.capabilities.name == MODEL
