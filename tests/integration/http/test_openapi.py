"""The OpenAPI document: valid, complete, and true. (Every answer of every test is held

against it as well, see ``judging``; here are the ones that no other test may miss.)
"""

from typing import Any

import pytest
from openapi_spec_validator import validate

from .running import Service, TeamCaller

METHODS = {"get", "head", "put", "post", "delete", "patch"}


@pytest.fixture(scope="module")
def document(service: Service) -> dict[str, Any]:
    """What the service says of itself."""
    found: dict[str, Any] = service.anybody.get("/openapi.json").json()
    return found


def operations(document: dict[str, Any]) -> dict[str, tuple[str, str, dict[str, Any]]]:
    """Operation id → method, path and description."""
    return {
        operation["operationId"]: (method.upper(), path, operation)
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
    }


def test_the_document_is_valid(document: dict[str, Any]) -> None:
    """OpenAPI 3.1, as an independent checker sees it."""
    validate(document)

    assert document["openapi"].startswith("3.1.")


def test_the_reference_is_in_it(document: dict[str, Any]) -> None:
    """What the main job needs."""
    named = {(method, path) for method, path, _ in operations(document).values()}

    assert named >= {
        ("POST", "/v1/generate/image"),
        ("POST", "/v1/images/{image_id}/edit"),
        ("GET", "/v1/images/{image_id}"),
        ("GET", "/v1/images"),
        ("GET", "/v1/jobs/{job_id}"),
        ("GET", "/v1/credits"),
        ("GET", "/health/live"),
        ("GET", "/health/ready"),
    }


def test_every_operation_exists(team: TeamCaller, document: dict[str, Any]) -> None:
    """None of the documented addresses or methods is unknown to the service."""
    for method, path, _ in operations(document).values():
        response = team.ask(method, path.replace("{", "").replace("}", ""))

        assert response.status_code != 405, (method, path)
        assert "There is nothing at this address." not in response.text, path


def test_every_operation_is_described(document: dict[str, Any]) -> None:
    """An id of its own, a summary, a known tag, its refusals, and examples for a body."""
    found = operations(document)
    tags = {tag["name"] for tag in document["tags"]}

    assert len(found) == sum(len(METHODS & set(m)) for m in document["paths"].values())
    for name, (method, _, operation) in found.items():
        assert operation["summary"], name
        assert set(operation["tags"]) <= tags, name
        assert set(operation["responses"]) >= {"500", "503"}, name
        if operation.get("security") != []:
            assert set(operation["responses"]) >= {"401", "413", "429"}, name
            assert ("403" in operation["responses"]) == (method != "GET"), name
        if "requestBody" in operation:
            assert operation["requestBody"]["content"]["application/json"]["examples"], name
            assert set(operation["responses"]) >= {"400", "413", "415", "422"}, name


def test_examples_are_true(team: TeamCaller, document: dict[str, Any]) -> None:
    """Each example fits its schema, and the ones of the main job can be sent as they are."""
    for _, _, operation in operations(document).values():
        content = operation.get("requestBody", {}).get("content", {}).get("application/json")
        if content is None:
            continue
        validator = team.judge.validator(content["schema"])
        for example in content["examples"].values():
            validator.validate(example["value"])

    generate = operations(document)["generateImage"][2]["requestBody"]["content"]
    plain = generate["application/json"]["examples"]["a lighthouse"]["value"]
    assert team.post("/v1/generate/image", json=plain).status_code == 202


def test_every_promised_status_can_be_met(idle: Service, document: dict[str, Any]) -> None:
    """For the main job, each documented answer is given by some request, and fits its schema."""
    team = idle.new_team(credits=15)
    reader, stranger = team.reader(), idle.anybody
    receipt = team.asked_for()
    image, job = f"/v1/images/{receipt['image_id']}", receipt["status_url"]
    generate, edit, unknown = "/v1/generate/image", f"{image}/edit", "/v1/images/1"
    good, bad, deep, large = b'{"prompt":"x"}', b"{}", b"[" * 99, b" " * (2**20 + 1)
    seen = {
        "generateImage": [team.send(generate, body) for body in (good, bad, deep, large, good)],
        "editImage": [team.send(edit, body) for body in (good, bad, deep, large)],
        "getImage": [team.get(path) for path in (image, unknown, f"{image}?x=1")],
        "listImages": [team.get("/v1/images"), team.get("/v1/images?x=1")],
        "getJob": [team.get(job), team.get(f"{job}?x=1"), team.get("/v1/jobs/x")],
        "getCredits": [team.get("/v1/credits"), team.get("/v1/credits?x=1")],
    }
    idle.run_due()
    seen["generateImage"] += [team.send(generate, good), team.send(generate, good)]
    seen["generateImage"] += [c.send(generate, good) for c in (reader, stranger)]
    seen["generateImage"] += [team.send(generate, good, "text/plain")]
    seen["editImage"] += [c.send(edit, good) for c in (reader, stranger, team)]
    seen["editImage"] += [team.send(edit, good, "text/plain"), team.send(f"{unknown}/edit", good)]
    rich = idle.new_team()
    source = rich.asked_for()["image_id"]
    idle.run_due()
    seen["editImage"] += [rich.send(f"/v1/images/{source}/edit", good)]
    for name, address in (("getImage", image), ("listImages", "/v1/images"), ("getJob", job)):
        seen[name] += [stranger.get(address)]
    seen["getCredits"] += [stranger.get("/v1/credits")]
    seen["getImage"] += [team.get(image, headers={"If-None-Match": "*"})]
    seen["generateImage"] += [rich.send(f"{generate}?dry_run=1", good)]
    seen["editImage"] += [rich.send(f"/v1/images/{source}/edit?dry_run=1", good)]
    elsewhere = {"408", "429", "500", "503", "507", "431"}  # slow, too many, too long, broken parts
    elsewhere |= {"413"}  # sent along with a GET, see below

    for name, answers in seen.items():
        method, _, operation = operations(document)[name]
        running = {"409"} if name == "generateImage" else set()  # with a key, see test_retries
        running |= {"400"} if method.lower() == "get" else set()  # no HTTP: see test_slow_clients
        promised = set(operation["responses"]) - elsewhere - running
        given = {str(answer.status_code) for answer in answers}
        assert given - {"413"} == promised, name
        assert ("413" in given) == (method == "POST"), name
