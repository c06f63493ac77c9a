"""What a generated client is made of: names, references, bounds and examples of the document."""

import re
from collections.abc import Iterator
from typing import Any

import pytest

from .operations import Operation, operations
from .running import Service

Node = dict[str, Any]


@pytest.fixture(scope="module")
def document(service: Service) -> Node:
    """What the service says of itself."""
    return service.judge.document


@pytest.fixture(scope="module")
def every(service: Service) -> list[Operation]:
    """All operations."""
    return list(operations(service.judge))


def nodes(value: Any) -> Iterator[Node]:
    """Every object in the document, examples left out."""
    if isinstance(value, dict):
        yield value
        for name, inner in value.items():
            if name not in ("example", "examples"):
                yield from nodes(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from nodes(inner)


def media(document: Node) -> Iterator[Node]:
    """Every body that is described, of requests and answers."""
    for node in nodes(document):
        yield from node.get("content", {}).values()


def test_operations_are_named_like_methods(every: list[Operation]) -> None:
    """Small camel case, a verb first, each name once."""
    names = [operation.id for operation in every]

    assert len(set(names)) == len(names) >= 45
    verbs = "get|head|list|create|update|delete|generate|edit|favorite|restore|export|download"
    verbs += "|share|revoke|open|cancel"
    for name in names:
        assert re.fullmatch(rf"({verbs})([A-Z][a-z]+)+", name), name


def test_every_reference_leads_somewhere_and_nothing_is_left_over(document: Node) -> None:
    """No name of a module in it either."""
    referred = {node["$ref"] for node in nodes(document) if "$ref" in node}
    there = {
        f"#/components/{kind}/{name}"
        for kind, named in document["components"].items()
        if kind != "securitySchemes"
        for name in named
    }

    assert referred == there
    for name in document["components"]["schemas"]:
        assert re.fullmatch(r"([A-Z][a-z]+)+", name), name


def test_everything_is_explained(document: Node, every: list[Operation]) -> None:
    """Operations, parameters, fields, answers, headers and tags all say what they are."""
    assert all(tag["description"] for tag in document["tags"])
    for operation in every:
        for parameter in operation.described["parameters"]:
            assert parameter["description"].endswith((".", "`")), (str(operation), parameter)
            assert parameter["schema"], (str(operation), parameter)
            assert (parameter["in"] != "path") or parameter["required"]
        assert set(re.findall(r"\{(\w+)\}", operation.path)) == set(operation.names("path"))
    for name, schema in document["components"]["schemas"].items():
        assert schema["description"], name
        for field, described in schema["properties"].items():
            assert "description" in described or "const" in described, (name, field)
    for node in nodes(document["components"]["responses"]):
        assert node.get("description", "x")


def test_what_is_bounded_says_so(every: list[Operation]) -> None:
    """Pages, lengths, ids, lists: what the service refuses is in the schema."""
    bounds: dict[str, Node] = {
        "page": {"minimum": 1},
        "per_page": {"minimum": 1, "maximum": 100, "default": 20},
        "q": {"minLength": None},
        "limit": {"minimum": 1, "maximum": 1_000, "default": 100},
        "project_id": {"minimum": 1, "maximum": 2**63 - 1},
        "article_id": {"minimum": 1, "maximum": 2**63 - 1},
    }
    seen = set()
    for operation in every:
        for parameter in operation.described["parameters"]:
            name, schema = parameter["name"], parameter["schema"]
            for bound, value in bounds.get(name, {}).items():
                assert schema.get(bound) == value, (str(operation), name)
            seen.add(name)
            if schema["type"] == "integer":
                assert "maximum" in schema, (str(operation), name)
    assert bounds.keys() <= seen
    listing = next(operation for operation in every if operation.id == "listImages")
    (query,) = (p["schema"] for p in listing.described["parameters"] if p["name"] == "q")
    assert query["maxLength"] == 200


def test_bodies_are_closed(document: Node, every: list[Operation]) -> None:
    """An unknown field is an error here and there; how many ids one call takes is known."""
    schemas = document["components"]["schemas"]
    for operation in every:
        body = operation.described.get("requestBody")
        if body is not None:
            name = body["content"]["application/json"]["schema"]["$ref"].rpartition("/")[2]
            assert schemas[name]["additionalProperties"] is False, name
    most = {name: schemas[name]["properties"]["ids"] for name in ("ManyImages", "ExportImages")}
    assert (most["ManyImages"]["maxItems"], most["ExportImages"]["maxItems"]) == (200, 500)


def test_every_example_fits_its_schema(service: Service, document: Node) -> None:
    """Of bodies, answers, refusals and headers; and there is one of each."""
    count = 0
    for described in media(document):
        schema = described.get("schema", {})
        found = [one["value"] for one in described.get("examples", {}).values()]
        found += [described["example"]] if "example" in described else []
        assert found or schema in ({}, {"type": "object"}), described
        for example in found:
            service.judge.validator(schema).validate(example)
            count += 1
    for header in document["components"]["headers"].values():
        service.judge.validator(header["schema"]).validate(header["example"])
    assert count > 100


def test_examples_are_those_of_the_reference(document: Node) -> None:
    """Project 12, image 42, article 88, and its two requests word for word."""
    text = str(document)
    for word in ("AI Coding Tools — Launch Post", "same scene, golden hour lighting"):
        assert word in text
    event = document["paths"]["/v1/calendar/{event_id}"]["get"]["responses"]["200"]
    shown = event["content"]["application/json"]["example"]["data"]
    assert (shown["project_id"], shown["image_id"], shown["article_id"]) == (12, 42, 88)


def test_links_lead_to_operations(document: Node, every: list[Operation]) -> None:
    """From what was made to what can be done with it, with a parameter that it takes."""
    known = {operation.id: operation for operation in every}
    links = [link for node in nodes(document) for link in node.get("links", {}).values()]
    links = [link for link in links if "operationId" in link]

    assert len(links) > 10
    for link in links:
        target = known[link["operationId"]]
        assert set(link["parameters"]) == set(target.names("path")), link


def test_every_code_of_a_refusal_is_named(document: Node, every: list[Operation]) -> None:
    """Each refusal of each operation lists the codes it may have, as constants."""
    codes = set()
    for schema in document["components"]["schemas"].values():
        code = schema["properties"].get("code", {})
        codes |= {code["const"]} if "const" in code else set()

    assert len(codes) >= 25
    for operation in every:
        for status, response in operation.described["responses"].items():
            content = response.get("content", {}).get("application/problem+json")
            if content and "oneOf" in content["schema"]:
                named = set(content["schema"]["discriminator"]["mapping"])
                assert named == set(content["examples"]) <= codes, (str(operation), status)
