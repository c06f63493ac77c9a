"""The list of parts of a release: CycloneDX 1.6, made of the runtime lock and nothing else.

It is the same for the same lock and the same installed packages: no time, no chance, no machine.
"""

import re
import uuid
from collections.abc import Iterable
from importlib import metadata
from typing import Any

from tools.locks import Pin

A_NAME = re.compile(r"[^\n]{2,60}")


def make_sbom(name: str, version: str, licence: str, pins: Iterable[Pin]) -> dict[str, Any]:
    """The parts of one version, the whole of it first."""
    purl = f"pkg:pypi/{name}@{version}"
    parts = [part(pin) for pin in sorted(pins, key=lambda pin: pin.purl)]
    whole = {
        "type": "application",
        "bom-ref": purl,
        "name": name,
        "version": version,
        "purl": purl,
        "licenses": [{"license": {"id": licence}}],
    }
    document = {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {"component": whole},
        "components": parts,
        "dependencies": [{"ref": purl, "dependsOn": [part["bom-ref"] for part in parts]}],
    }
    number = uuid.uuid5(uuid.NAMESPACE_URL, repr(document))
    return {"$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json", **document} | {
        "serialNumber": f"urn:uuid:{number}"
    }


def part(pin: Pin) -> dict[str, Any]:
    """One locked package. Its hashes are those of its files, of which an installation takes one."""
    found: dict[str, Any] = {
        "type": "library",
        "bom-ref": pin.purl,
        "name": pin.name,
        "version": pin.version,
        "purl": pin.purl,
        "externalReferences": [
            {
                "type": "distribution",
                "url": pin.purl,
                "comment": "one of these files, whichever fits the machine",
                "hashes": [{"alg": "SHA-256", "content": digest} for digest in pin.digests],
            }
        ],
    }
    if licence := licence_of(pin):
        found["licenses"] = [licence]
    if pin.marker:
        found["properties"] = [{"name": "tearsheet:marker", "value": pin.marker}]
    return found


def licence_of(pin: Pin) -> dict[str, Any] | None:
    """What the installed package says of its licence; nothing where it is not installed."""
    try:
        told = metadata.metadata(pin.name).json
    except metadata.PackageNotFoundError:
        return None
    if told["version"] != pin.version:
        return None
    if expression := told.get("license_expression"):
        return {"expression": expression}
    kinds = [line for line in told.get("classifier", ()) if line.startswith("License :: ")]
    if kinds:
        return {"license": {"name": "; ".join(line.rpartition(" :: ")[2] for line in kinds)}}
    line = str(told.get("license", "")).strip()
    return {"license": {"name": line}} if A_NAME.fullmatch(line) else None
