"""The deployment that people copy: every file is read, and every command in it is one of ours."""

import configparser
import re
import shlex
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any, cast

import click
import httpx
import pytest
import yaml

from tearsheet.entrypoints import cli_admin, cli_upkeep
from tearsheet.entrypoints.cli import cli
from tearsheet.entrypoints.http.metrics import Metrics
from tearsheet.entrypoints.settings import Settings
from tests.integration.processes import started

ROOT = Path(__file__).resolve().parents[2]
DEPLOY = ROOT / "deploy"
SECRETS = {
    "POSTGRES_PASSWORD": "pOstgres0123456789",
    "S3_SECRET_KEY": "s3secret0123456789",
    "TEARSHEET_SECRET_KEY": "secret0123456789abcdef",
}


def check_command(words: list[str]) -> None:
    """Raise unless the command line understands these words; nothing is run."""
    name, command = "tearsheet", cast("click.Command", cli)
    while isinstance(command, click.Group):
        name, *words = words
        command = command.commands[name]
    command.make_context(name, list(words))


def substituted(text: str, values: dict[str, str]) -> str:
    """``${NAME:-default}`` and ``${NAME:?}`` as compose reads them."""

    def value(match: re.Match[str]) -> str:
        name, mode, default = match.groups()
        found = values.get(name) or (default if mode == ":-" else None)
        assert found is not None or mode != ":?", f"{name} is required"
        return found or ""

    return re.sub(r"\$\{(\w+)(:[-?])?([^}]*)\}", value, text)


def compose() -> dict[str, Any]:
    """The compose file, with secrets filled in."""
    text = substituted((DEPLOY / "compose.yaml").read_text(), SECRETS)
    document: dict[str, Any] = yaml.safe_load(text)
    return document


def ours() -> dict[str, dict[str, Any]]:
    """The services that are tearsheet."""
    services = compose()["services"]
    return {name: service for name, service in services.items() if "build" in service}


def test_the_example_environment_names_what_compose_asks_for() -> None:
    """Whoever copies it sees every secret that is required, and leaves none of ours in it."""
    wanted = set(re.findall(r"\$\{(\w+):\?\}", (DEPLOY / "compose.yaml").read_text()))
    lines = (DEPLOY / "example.env").read_text().splitlines()
    given = dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))

    assert wanted == set(SECRETS)
    assert wanted <= set(given)
    assert all(given[name] == "" for name in wanted)


def test_two_servers_and_two_workers_wait_for_what_they_need() -> None:
    """A migrated database, a broker and a blob store that answer; every name is a service."""
    services = compose()["services"]

    assert services["server"]["deploy"]["replicas"] == 2
    assert services["worker"]["deploy"]["replicas"] == 2
    for service in services.values():
        for needed, how in service.get("depends_on", {}).items():
            assert needed in services
            if how["condition"] == "service_healthy":
                image = services[needed]
                assert "healthcheck" in image or "build" in image
    for name in ("server", "worker"):
        migrate = services[name]["depends_on"]["migrate"]
        assert migrate == {"condition": "service_completed_successfully"}


@pytest.mark.parametrize("name", ours())
def test_a_service_has_a_command_and_settings_that_we_take(name: str) -> None:
    """The words are a command line of ours, the environment is one that starts."""
    service = ours()[name]

    check_command(service["command"])
    settings = Settings.read({key: str(value) for key, value in service["environment"].items()})

    assert settings.database_url.startswith("postgresql+asyncpg://")
    assert settings.broker_url == "redis://valkey:6379/0"
    assert settings.secret_key == SECRETS["TEARSHEET_SECRET_KEY"]


@pytest.mark.parametrize("name", ours())
def test_a_service_can_do_no_more_than_it_must(name: str) -> None:
    """A read-only root, no capability, no new privilege, and time to stop gently."""
    service = ours()[name]

    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert int(service["stop_grace_period"].removesuffix("s")) > 30
    assert any(place.startswith("/data") for place in service["tmpfs"])


def instructions() -> list[tuple[str, str]]:
    """The Dockerfile's, with continued lines joined."""
    text = (DEPLOY / "Dockerfile").read_text().replace("\\\n", " ")
    lines = [line.strip() for line in text.splitlines()]
    found = [line.split(None, 1) for line in lines if line and not line.startswith("#")]
    return [(name, rest) for name, rest in found]


def test_the_image_runs_as_nobody_in_particular() -> None:
    """A number, so that a cluster can see that it is not root; and the command is ours."""
    given = dict(instructions())

    assert int(given["USER"]) > 0
    assert given["ENTRYPOINT"] == '["tearsheet"]'
    check_command(yaml.safe_load(given["CMD"]))


def test_what_is_copied_into_the_image_makes_a_whole_package(tmp_path: Path) -> None:
    """The files that the build is given, and no others, make a wheel with everything in it."""
    copied = [
        rest.split() for name, rest in instructions() if name == "COPY" and "--from" not in rest
    ]
    allowed = (ROOT / ".dockerignore").read_text().split()
    for *sources, target in copied:
        for source in sources:
            assert f"!{source}" in allowed, f"{source} is kept out by .dockerignore"
            there = tmp_path / "source" / (source if target == "./" else target)
            there.parent.mkdir(parents=True, exist_ok=True)
            if (ROOT / source).is_dir():
                skip = shutil.ignore_patterns("__pycache__")
                shutil.copytree(ROOT / source, there, ignore=skip)
            else:
                shutil.copyfile(ROOT / source, there)

    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", tmp_path / "wheel"],
        cwd=tmp_path / "source",
        check=True,
        capture_output=True,
        timeout=120,
    )

    (wheel,) = (tmp_path / "wheel").glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        inside = {name.removeprefix("tearsheet/") for name in archive.namelist()}
    files = {path for path in (ROOT / "src").rglob("*") if path.is_file()}
    expected = {str(p.relative_to(ROOT / "src")) for p in files if p.suffix != ".pyc"}
    assert expected - inside == set()


def test_the_health_check_of_the_image_tells_ready_from_not(tmp_path: Path) -> None:
    """Its own words, at another port: 0 for a service that is ready, 1 when nobody answers."""
    (check,) = [rest.partition("CMD ")[2] for name, rest in instructions() if name == "HEALTHCHECK"]
    _, *words = yaml.safe_load(check)
    with started(tmp_path / "run", "serve", "--port", "0", DATA_DIR=str(tmp_path / "d")) as server:
        address = server.address(60)
        assert httpx.get(f"{address}/health/ready").status_code == 200
        here = [word.replace("http://127.0.0.1:8000", address) for word in words]
        assert subprocess.run([sys.executable, *here], check=False).returncode == 0
    gone = subprocess.run([sys.executable, *here], check=False, capture_output=True)
    assert gone.returncode == 1


@pytest.mark.parametrize("name", ["tearsheet.service", "tearsheet-worker@.service"])
def test_a_unit_starts_a_command_of_ours(name: str) -> None:
    """With settings that we take, more time to stop than we need, and no power over the machine."""
    unit = configparser.ConfigParser(strict=False, interpolation=None)
    unit.optionxform = str  # type: ignore[assignment,method-assign]
    unit.read(DEPLOY / "systemd" / name)
    service = unit["Service"]

    program, *words = shlex.split(service["ExecStart"])
    check_command(words)
    settings = Settings.read(dict(pair.split("=", 1) for pair in service["Environment"].split()))

    assert program.endswith("/tearsheet")
    assert settings.log == "json"
    assert str(settings.data_dir) == f"/var/lib/{service['StateDirectory']}"
    assert int(service["TimeoutStopSec"]) > 30
    assert service["ProtectSystem"] == "strict"
    assert service["CapabilityBoundingSet"] == ""


def test_credentials_are_files_that_the_unit_is_given(tmp_path: Path) -> None:
    """Every variable names a file that is loaded, and is one that we take."""
    lines = (DEPLOY / "systemd" / "credentials.conf").read_text().splitlines()
    given = [line.split("=", 1) for line in lines if "=" in line and not line.startswith("#")]
    loaded = {value.partition(":")[0] for name, value in given if name == "LoadCredential"}
    (variables,) = [value for name, value in given if name == "Environment"]
    (tmp_path / "secret-key").write_text("secret0123456789abcdef\n")
    (tmp_path / "database-url").write_text("postgresql+asyncpg://ada@db.example/pictures\n")
    environment = dict(pair.split("=", 1) for pair in variables.split())

    assert {path.removeprefix("%d/") for path in environment.values()} == loaded
    settings = Settings.read(
        {name: path.replace("%d", str(tmp_path)) for name, path in environment.items()}
    )
    assert settings.secret_key == "secret0123456789abcdef"
    assert settings.database_url == "postgresql+asyncpg://ada@db.example/pictures"


@pytest.mark.parametrize("name", ["Caddyfile", "nginx.conf"])
def test_a_proxy_keeps_the_operators_pages_to_itself(name: str) -> None:
    """Metrics and health are not for everybody, and archives are not collected before they flow."""
    text = (DEPLOY / name).read_text()

    assert "/metrics" in text
    assert "/health/" in text
    assert text.count("{") == text.count("}")
    assert "flush_interval -1" in text or "proxy_buffering off" in text


def test_every_alert_asks_for_a_series_that_there_is() -> None:
    """A name that nobody exports would never ring."""
    alerts = (DEPLOY / "prometheus-alerts.yaml").read_text()
    groups = yaml.safe_load(alerts)["groups"]
    rules = [rule for group in groups for rule in group["rules"]]
    asked = {name for rule in rules for name in re.findall(r"tearsheet_\w+", rule["expr"])}
    metrics = Metrics()
    known = re.findall(r"^# TYPE (\w+)", metrics.text().decode(), re.MULTILINE)
    exported = {*known, *WATCHED}

    for name in asked:
        base = re.sub(r"_(bucket|count|sum)$", "", name)
        assert {name, base} & exported, name
    documented = (ROOT / "docs" / "operating.md").read_text()
    assert all(re.sub(r"_(bucket|count|sum)$", "", name) in documented for name in asked)


COMPLETE = (cli_admin, cli_upkeep)
"""They add their commands where they are imported."""

WATCHED = {
    "tearsheet_job_seconds",
    "tearsheet_model_call_seconds",
    "tearsheet_blob_seconds",
    "tearsheet_scrub_seconds",
}
"""Of ``adapters.prometheus``; ``test_metrics`` sees them over HTTP."""
