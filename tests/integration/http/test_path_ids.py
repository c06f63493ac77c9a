"""Ids in paths: one spelling each; everything else names nothing, and is never an error of ours."""

import re

import pytest

from .calling import refused
from .running import Service, TeamCaller

ODD_NUMBERS = [
    "1_0",
    "+1",
    "%201",
    "%20 1",
    "1%20",
    "1%00",
    "1%0A",
    "٤٢",
    "０１",
    "²",
    "01",
    "0",
    "-1",
    "1.0",
    "1e3",
    "0x1",
    "9223372036854775808",
    "18446744073709551617",
    "9" * 5_000,
    "null",
    "true",
    "%27",
    "1%2F..%2F2",
    "%ff",
]
ODD_UUIDS = ["1", "x" * 36, "01890A5D-AC96-774B-BCCE-B302099A8057", "0" * 5_000, "%00"]


SIGNED = ("/files/{key}", "/exports/{job_id}")
"""Addresses that a signature goes with: without one, nobody learns what is there."""


def by_id(service: Service) -> list[tuple[str, str]]:
    """Every documented method of every address that has an id in it."""
    return [
        (method.upper(), path)
        for path, methods in service.judge.document["paths"].items()
        for method in methods
        if "{" in path and "{token}" not in path and path not in SIGNED
    ]


def answers_to(team: TeamCaller, spelled: list[str], *, jobs: bool) -> None:
    """Every route that takes such an id says, in the words for an unknown one, that it is not."""
    unknown = "01890a5d-ac96-774b-bcce-b302099a8057" if jobs else str(2**63 - 1)
    routes = [route for route in by_id(team.service) if ("{job_id}" in route[1]) == jobs]
    assert routes
    for method, path in routes:
        expected = refused(team.ask(method, _with(path, unknown)), 404, "not_found")
        for text in spelled:
            body = refused(team.ask(method, _with(path, text)), 404, "not_found")
            same = body["detail"] in (expected["detail"], "There is nothing at this address.")
            assert same, (method, path, text)


def _with(path: str, text: str) -> str:
    return re.sub(r"\{\w+\}", text, path)


def test_a_number_has_one_spelling(team: TeamCaller) -> None:
    """Signs, blanks, underscores, zeros, other scripts and too many digits are 404."""
    answers_to(team, ODD_NUMBERS, jobs=False)


def test_a_job_is_named_by_a_uuid_in_lower_case(team: TeamCaller) -> None:
    """Anything else names no job."""
    answers_to(team, ODD_UUIDS, jobs=True)


def test_an_id_in_its_one_spelling_is_found(team: TeamCaller) -> None:
    """So the 404s above are about the spelling."""
    receipt = team.asked_for()
    number = str(receipt["image_id"])

    assert team.get(f"/v1/images/{number}").status_code == 200
    assert team.get(f"/v1/jobs/{receipt['job_id']}").status_code == 200
    for text in (f"0{number}", f"+{number}", f"{number}.0", f"{number[:3]}_{number[3:]}"):
        refused(team.get(f"/v1/images/{text}"), 404, "not_found")
    refused(team.get(f"/v1/jobs/{receipt['job_id'].upper()}"), 404, "not_found")


@pytest.mark.parametrize("text", ["1", "9223372036854775807"])
def test_the_bounds_are_ids(team: TeamCaller, text: str) -> None:
    """The smallest and the largest can be asked for; they are only not there."""
    refused(team.get(f"/v1/images/{text}"), 404, "not_found")
    refused(team.post(f"/v1/images/{text}/edit", json={"prompt": "x"}), 404, "not_found")
