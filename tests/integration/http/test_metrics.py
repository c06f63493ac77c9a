"""Metrics: what an operator watches, by few names and never by an id."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from anyio.from_thread import BlockingPortal
from prometheus_client.parser import text_string_to_metric_families

from tests.examples import a_key
from tests.integration.waiting import until

from .calling import Caller
from .running import Service, running


@pytest.fixture(scope="module")
def alone(portal: BlockingPortal, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """A service that nobody else calls."""
    with running(portal, tmp_path_factory.mktemp("alone")) as service:
        yield service


EDITED = 'tearsheet_job_seconds_count{kind="edit",outcome="succeeded"}'


class Scrape(dict[str, float]):
    """What ``/metrics`` says: ``name{label="value"}`` to its number, labels by name."""

    def __init__(self, caller: Caller) -> None:
        text = caller.get("/metrics").text
        for family in text_string_to_metric_families(text):
            for sample in family.samples:
                labels = ",".join(f'{k}="{v}"' for k, v in sorted(sample.labels.items()))
                self[f"{sample.name}{{{labels}}}" if labels else sample.name] = sample.value


def test_jobs_are_counted_by_kind_and_by_how_they_ended(alone: Service) -> None:
    """With the calls of the model that they made, and what went into the blob store and out."""
    team = alone.new_team(100)
    before = Scrape(alone.anybody)

    image = team.image(team.ready_image())
    team.ended(team.edited(image["id"], "bluer"))
    size = len(team.http.get(image["url"]).content)

    def counted() -> dict[str, float] | None:
        now = Scrape(alone.anybody)
        grown = {name: now[name] - before.get(name, 0) for name in now}
        return grown if grown.get(EDITED) else None

    grown = until(counted)
    model = 'model="instant",operation="{}",outcome="ok"'
    assert grown['tearsheet_job_seconds_count{kind="generate",outcome="succeeded"}'] == 1
    assert grown[EDITED] == 1
    assert grown[f"tearsheet_model_call_seconds_count{{{model.format('generate')}}}"] == 1
    assert grown[f"tearsheet_model_call_seconds_count{{{model.format('edit')}}}"] == 1
    assert grown['tearsheet_blob_seconds_count{operation="put",outcome="ok"}'] == 4
    assert grown['tearsheet_blob_bytes_total{operation="put"}'] > 2 * size
    assert grown['tearsheet_blob_bytes_total{operation="read"}'] >= 2 * size


def test_what_goes_wrong_is_counted_under_its_code(portal: BlockingPortal, tmp_path: Path) -> None:
    """A model that refuses, and bytes that are gone."""
    with running(portal, tmp_path, model="refusing") as service:
        team = service.new_team(100)
        assert team.ended(team.asked_for())["processing_status"] == "failed"
        gone = service.links.link(a_key(1))
        assert team.http.get(gone).status_code == 404

        found = until(lambda: one_with(Scrape(service.anybody), "tearsheet_job_seconds_count"))

    assert found['tearsheet_job_seconds_count{kind="generate",outcome="failed"}'] == 1
    refused = 'model="refusing",operation="generate",outcome="refused"'
    assert found[f"tearsheet_model_call_seconds_count{{{refused}}}"] == 1
    assert one_with(found, 'outcome="blob_missing"')


def one_with(found: Scrape, text: str) -> Scrape | None:
    """What was found, once there is something with this in its name."""
    return found if any(text in name for name in found) else None


def test_what_waits_is_shown_with_its_age(idle: Service) -> None:
    """Due jobs of every team, how long the first has waited, and the credits held for them."""
    team = idle.new_team(100)
    calm = Scrape(idle.anybody)
    team.asked_for()
    team.asked_for()

    busy = Scrape(idle.anybody)

    assert (calm["tearsheet_jobs_due"], calm["tearsheet_oldest_due_job_seconds"]) == (0, 0)
    assert busy["tearsheet_jobs_due"] == 2
    assert busy['tearsheet_credits{state="held"}'] == 10
    assert busy['tearsheet_credits{state="available"}'] == 90


def test_requests_are_counted_by_route(alone: Service) -> None:
    """Never by path: ids and file keys would make a series each, and show what nobody may see."""
    team = alone.new_team()
    team.get("/v1/images/123456789")
    team.get("/nowhere/123456789")

    text = alone.anybody.get("/metrics").text

    assert 'method="GET",route="/v1/images/{image_id}",status="404"' in text
    assert 'route="none",status="404"' in text
    assert "123456789" not in text
