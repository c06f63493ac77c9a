"""What clients take from good answers: as much as the judge will want to know."""

import io
import json
import zipfile
from hashlib import sha256
from typing import Any
from urllib.parse import urlsplit

import httpx


def path_of(url: str) -> str:
    """The same address at another server."""
    parts = urlsplit(url)
    return f"{parts.path}?{parts.query}"


def receipt(response: httpx.Response) -> dict[str, Any]:
    """What a promise is known by."""
    found = response.json()
    return {name: found[name] for name in ("job_id", "image_id") if name in found}


def image_shown(response: httpx.Response) -> dict[str, Any]:
    """The state of an image."""
    found = response.json()["data"]
    return {
        "status": found["processing_status"],
        "marked": found["is_favorite"],
        "trashed": found["deleted_at"] is not None,
        "sha": found["sha256"],
        "url": found["url"],
    }


def share_told(response: httpx.Response) -> dict[str, Any]:
    """A public link and its state."""
    found = response.json()
    return {name: found[name] for name in ("token", "view_count", "revoked_at")}


def progress(response: httpx.Response) -> dict[str, Any]:
    """How far an export is, and where its archive is."""
    found = response.json()
    return {"status": found["status"], "url": found.get("download_url")}


def digest(response: httpx.Response) -> str:
    """The SHA-256 of the bytes."""
    return sha256(response.content).hexdigest()


def opened(response: httpx.Response) -> dict[str, Any]:
    """What is in an archive by its own list, and what is wrong with it."""
    try:
        with zipfile.ZipFile(io.BytesIO(response.content)) as archive:
            images = json.loads(archive.read("manifest.json"))["images"]
            listed = {each["file"]: each for each in images}
            bytes_of = {name: archive.read(name) for name in archive.namelist()}
    except (zipfile.BadZipFile, KeyError, ValueError) as error:
        return {"members": {}, "wrong": f"does not open: {error}"}
    bytes_of.pop("manifest.json")
    members = {each["id"]: each["sha256"] for each in listed.values()}
    if listed.keys() != bytes_of.keys():
        return {"members": members, "wrong": "does not hold what its list says"}
    for name, each in listed.items():
        if sha256(bytes_of[name]).hexdigest() != each["sha256"]:
            return {"members": members, "wrong": f"holds other bytes as {name}"}
    return {"members": members, "wrong": None}
