"""Giving a job up, over HTTP."""

import asyncio

import pytest
from anyio.from_thread import BlockingPortal

from tearsheet.adapters.fake_models import Slow
from tearsheet.adapters.memory import SteerableClock, memory_ports
from tearsheet.core.running import run_due
from tests.integration.waiting import until

from .calling import refused
from .running import Service, running_from_memory


def test_a_job_that_waits_can_be_given_up(idle: Service) -> None:
    """The job, the image and the account say so; nothing is left to do."""
    team = idle.new_team(credits=20)
    receipt = team.asked_for()

    answer = team.post(f"/v1/jobs/{receipt['job_id']}/cancel")

    assert answer.status_code == 200
    assert answer.json()["data"] == team.job(receipt)
    assert answer.json()["data"]["status"] == "cancelled"
    assert answer.json()["data"]["error"]["code"] == "cancelled"
    image = team.image(receipt["image_id"])
    assert (image["processing_status"], image["error"]["code"]) == ("failed", "cancelled")
    assert image["deleted_at"] is None
    assert team.credits() == (20, 0)
    assert idle.run_due() == 0


def test_a_second_time_is_a_conflict(idle: Service) -> None:
    """The job is over, and stays as it is; also one that succeeded."""
    team = idle.new_team(credits=20)
    cancelled, done = team.asked_for(), team.asked_for()
    team.post(f"/v1/jobs/{cancelled['job_id']}/cancel")
    idle.run_due()

    for receipt in (cancelled, done):
        answer = team.post(f"/v1/jobs/{receipt['job_id']}/cancel")
        refused(answer, 409, "job_not_cancellable")

    assert team.credits() == (15, 0)


def test_with_a_key_the_second_time_gets_the_first_answer(idle: Service) -> None:
    """A client that did not hear the answer may ask again."""
    team = idle.new_team(credits=20)
    path = f"/v1/jobs/{team.asked_for()['job_id']}/cancel"

    answers = [team.post(path, headers={"Idempotency-Key": "k"}) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [200, 200]
    assert answers[0].content == answers[1].content


def test_once_the_model_was_asked_the_picture_comes(
    portal: BlockingPortal, clock: SteerableClock
) -> None:
    """409, and the job goes on: the picture is made and paid for."""
    model = Slow(gate=asyncio.Event())
    ports = memory_ports(models=[model], now=clock)
    with running_from_memory(portal, ports) as service:
        team = service.new_team(credits=20)
        receipt = team.asked_for()
        working = portal.start_task_soon(run_due, ports)
        until(model.asked.is_set)

        early = team.post(f"/v1/jobs/{receipt['job_id']}/cancel")
        assert model.gate is not None
        portal.call(model.gate.set)
        working.result()

        refused(early, 409, "job_not_cancellable")
        assert team.image(receipt["image_id"])["processing_status"] == "ready"
        assert team.credits() == (15, 0)


@pytest.mark.parametrize("job_id", ["1", "x", "01890A5D-AC96-774B-BCCE-B302099A8057"])
def test_what_is_no_job_is_not_there(idle: Service, job_id: str) -> None:
    """Whatever is spelled like no job names none."""
    refused(idle.new_team().post(f"/v1/jobs/{job_id}/cancel"), 404, "not_found")


def test_another_teams_job_is_not_there(idle: Service) -> None:
    """Same answer as for a job that never was, and it goes on."""
    team, other = idle.new_team(credits=20), idle.new_team()
    receipt = team.asked_for()

    theirs = other.post(f"/v1/jobs/{receipt['job_id']}/cancel")
    never = other.post("/v1/jobs/01890a5d-ac96-774b-bcce-b302099a8057/cancel")

    one, other_one = refused(theirs, 404, "not_found"), refused(never, 404, "not_found")
    assert one | {"request_id": ""} == other_one | {"request_id": ""}
    assert team.job(receipt)["status"] == "pending"


def test_a_reader_gives_nothing_up(idle: Service) -> None:
    """403."""
    team = idle.new_team(credits=20)
    path = f"/v1/jobs/{team.asked_for()['job_id']}/cancel"

    refused(team.reader().post(path), 403, "forbidden")


def test_there_is_nothing_to_add_to_it(idle: Service) -> None:
    """Nothing in the address is ignored."""
    team = idle.new_team(credits=20)
    path = f"/v1/jobs/{team.asked_for()['job_id']}/cancel"

    refused(team.post(f"{path}?force=1"), 422, "validation_failed")
