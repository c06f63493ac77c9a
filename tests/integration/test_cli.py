"""The command line: one JSON document or a short table out, one line when something is wrong."""

import json
import subprocess
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from tearsheet.core.errors import Unauthenticated
from tearsheet.core.gallery.browsing import show
from tearsheet.core.gallery.commands import GenerateImage
from tearsheet.core.gallery.creating import request_generation
from tearsheet.core.gallery.curating import trash
from tearsheet.core.identity import Actor
from tearsheet.core.ids import TeamId
from tearsheet.core.ports import Ports
from tearsheet.core.team.administering import authenticate, create_team
from tearsheet.core.team.token import digest_of
from tearsheet.entrypoints.settings import Settings
from tearsheet.entrypoints.wiring import open_service
from tests.integration.processes import COMMAND, environment, run
from tests.integration.waiting import eventually

Done = subprocess.CompletedProcess[str]

FIRST = {
    "migrate": ["migrate", "--json"],
    "team": ["team", "create", "The Weekly", "--credits", "100", "--json"],
}
TOKEN = ["token", "create", "--team", "1", "--name", "laptop"]
EXPIRES = "2099-05-15T09:00:00+02:00"
SECOND = {
    "other team": ["team", "create", "Größe ☂"],
    "project": ["project", "create", "--team", "1", "Site", "--domain", "example.com", "--json"],
    "token": [*TOKEN, "--user", "editor", "--scope", "read", "--expires", EXPIRES, "--json"],
    "grant": ["team", "grant", "1", "50", "--json"],
    "late token": [*TOKEN, "--expires", "2020-01-01T00:00:00Z"],
}
THIRD = {
    "projects": ["project", "list", "--team", "1", "--json"],
    "teams": ["team", "list", "--json"],
    "revoke": ["token", "revoke", "1", "--json"],
}
FOURTH = {
    "tokens": ["token", "list", "--json"],
    "migrate again": ["migrate"],
    "audit": ["audit", "list", "--team", "1", "--json"],
    "last grant": ["audit", "list", "--team", "1", "--action", "credits.granted", "--limit", "1"],
    "no audit": ["audit", "list", "--team", "404", "--image", "7"],
}
"""One story; what is in one chapter may happen in any order."""

WRONG = {
    "Usage: tearsheet": [],
    "No such command 'paint'": ["paint"],
    "Missing argument 'NAME'": ["team", "create"],
    "0 is not in the range": ["team", "grant", "1", "0"],
    "'--scope'": [*TOKEN, "--scope", "root"],
    "needs an offset": [*TOKEN, "--expires", "2099-01-01T00:00:00"],
    "'--port'": ["serve", "--port", "65536"],
}
"""What the explanation says, and what was typed."""


def run_all(commands: dict[str, list[str]], **settings: str) -> dict[str, Done]:
    """Run commands side by side: most of their time goes into starting."""
    with ThreadPoolExecutor(2) as pool:
        under_way: dict[str, Future[Done]] = {
            name: pool.submit(run, *words, **settings) for name, words in commands.items()
        }
        return {name: future.result() for name, future in under_way.items()}


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder that the commands share."""
    return tmp_path_factory.mktemp("cli") / "data"


@pytest.fixture(scope="module")
def done(data: Path) -> dict[str, Done]:
    """Every command of the story, and how it ended."""
    ended: dict[str, Done] = {}
    for chapter in (FIRST, SECOND, THIRD, FOURTH):
        ended |= run_all(chapter, DATA_DIR=str(data))
    return ended


def shown(done: Done) -> Any:
    """The one JSON document on standard output."""
    assert (done.returncode, done.stderr) == (0, "")
    return json.loads(done.stdout)


def failed(done: Done) -> str:
    """The one line on standard error."""
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("tearsheet: ")
    assert done.stderr.count("\n") == 1
    return done.stderr.removeprefix("tearsheet: ").rstrip("\n")


def test_the_database_is_made_when_there_is_none(done: dict[str, Done]) -> None:
    """By the first command, or by one of two first commands at once; then nothing is to do."""
    assert shown(done["migrate"])["migrated"] in (True, False)
    assert done["migrate again"].stdout == "Nothing to do.\n"


def test_a_team_is_made_and_given_credits(done: dict[str, Done]) -> None:
    """Both say who it is and what it has now."""
    assert shown(done["team"]) == {"id": 1, "name": "The Weekly", "credits": 100}
    assert shown(done["grant"]) == {"id": 1, "name": "The Weekly", "credits": 150}


def test_people_get_a_table(done: dict[str, Done]) -> None:
    """A line of headings and a line for each; names in any script."""
    heading, line = done["other team"].stdout.splitlines()
    assert heading.split() == ["id", "name", "credits"]
    assert line.split() == ["2", "Größe", "☂", "0"]


def test_a_list_is_a_list(done: dict[str, Done]) -> None:
    """In JSON, for machines, in the order of the ids."""
    assert shown(done["teams"]) == [
        {"id": 1, "name": "The Weekly", "credits": 150, "held": 0},
        {"id": 2, "name": "Größe ☂", "credits": 0, "held": 0},
    ]


def test_the_projects_of_a_team_are_listed(done: dict[str, Done]) -> None:
    """As they were made."""
    assert shown(done["projects"]) == [shown(done["project"])]


def test_a_project_belongs_to_a_team(done: dict[str, Done]) -> None:
    """Its id is what images and events are filed under."""
    project = shown(done["project"])

    assert project.pop("id") > 0
    assert project == {"team_id": 1, "name": "Site", "domain": "example.com"}


def test_a_token_is_shown_once(done: dict[str, Done]) -> None:
    """Its secret is in no list; it speaks for its user, in its scope, until it expires."""
    token = shown(done["token"])
    (listed,) = shown(done["tokens"])

    assert token["token"] not in done["tokens"].stdout
    assert digest_of(token["token"]) is not None
    assert (token["scope"], token["user"], token["team_id"]) == ("read", "editor", 1)
    assert token["expires_at"] == "2099-05-15T07:00:00Z"
    assert token["revoked_at"] is token["last_used_at"] is None
    assert listed == {name: token[name] for name in listed} | {"revoked_at": listed["revoked_at"]}


async def test_a_revoked_token_opens_nothing(data: Path, done: dict[str, Done]) -> None:
    """For good, and the list says since when."""
    revoked = shown(done["revoke"])

    assert revoked["revoked_at"] is not None
    assert shown(done["tokens"]) == [revoked]
    async with open_service(Settings.read({"TEARSHEET_DATA_DIR": str(data)})) as service:
        with pytest.raises(Unauthenticated):
            await authenticate(service.ports, shown(done["token"])["token"])


def test_what_the_operator_did_is_in_the_team_s_log(done: dict[str, Done]) -> None:
    """The newest first, each with its digest; what is not done, or another team's, is not."""
    log = shown(done["audit"])

    recorded = {entry["action"] for entry in log}
    assert [entry["id"] for entry in log] == list(range(len(log), 0, -1))
    assert [entry["action"] for entry in log[-2:]] == ["credits.granted", "team.created"]
    assert recorded == {
        *("team.created", "credits.granted", "project.created", "token.created", "token.revoked")
    }
    assert {entry["actor"] for entry in log} == {"operator"}
    [revoked] = [entry for entry in log if entry["action"] == "token.revoked"]
    assert (revoked["object"], revoked["name"]) == ("token:1", "laptop")
    assert revoked["after"] == {"revoked_at": shown(done["revoke"])["revoked_at"]}
    assert len({entry["digest"] for entry in log}) == len(log)
    assert shown(done["token"])["token"] not in done["audit"].stdout
    heading, line = done["last grant"].stdout.splitlines()
    assert heading.split()[:3] == ["id", "at", "action"]
    assert "team:1" in line
    assert failed(done["no audit"]) == "This team does not exist."


def test_a_failure_is_one_line(done: dict[str, Done]) -> None:
    """On standard error, with exit status 1 and nothing on standard output."""
    assert failed(done["late token"]) == "expires_at: a moment in the future"


async def test_the_trash_is_purged_when_its_time_is_over(tmp_path: Path) -> None:
    """A dry run only says what would go; the real one removes it. The clock may be shifted,

    and whoever does that is told in capitals.
    """
    actor = Actor("editor", TeamId(1))
    settings = {"TEARSHEET_DATA_DIR": str(tmp_path), "TEARSHEET_IMAGE_MODEL": "instant"}
    async with open_service(Settings.read(settings)) as service:
        await create_team(service.ports, "A", credits=5)
        await put_into_trash(service.ports, actor)
    (tmp_path / "blobs" / "aa").mkdir(exist_ok=True)
    (tmp_path / "blobs" / "aa" / ("a" * 32 + ".png")).write_bytes(b"12345")
    later = {"DATA_DIR": str(tmp_path), "CLOCK_OFFSET": "+31d"}

    dry = run("purge", "--dry-run", "--json", **later)
    wet = run("purge", "--json", **later)

    assert json.loads(dry.stdout)["images"] == json.loads(wet.stdout)["images"] == 1
    assert (json.loads(dry.stdout)["dry_run"], json.loads(wet.stdout)["dry_run"]) == (True, False)
    assert json.loads(wet.stdout)["orphans"] == 1
    assert json.loads(wet.stdout)["orphan_bytes"] == 5
    assert dry.stderr == wet.stderr == "THE CLOCK IS SHIFTED by 31 days, 0:00:00\n"
    assert not list((tmp_path / "blobs").glob("*/*"))


async def put_into_trash(ports: Ports, actor: Actor) -> None:
    """One image with a picture, made by the worker that hears of it, and deleted."""
    image = (await request_generation(ports, actor, GenerateImage(prompt="x"))).image

    async def has_picture() -> bool:
        return (await show(ports, actor, image.id)).image.image.picture is not None

    await eventually(has_picture)
    await trash(ports, actor, image.id)


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_a_shell_can_complete_commands(shell: str) -> None:
    """A script whose first line says how to install it, and which asks the command itself."""
    first, *script = run("completion", shell).stdout.splitlines()

    assert first.startswith("# To install, ")
    assert f"tearsheet completion {shell}" in first
    assert any("_TEARSHEET_COMPLETE" in line for line in script)


def test_subcommands_and_options_are_completed() -> None:
    """The answer to what the script asks when somebody presses the tab key."""

    def offered(words: str) -> set[str]:
        done = subprocess.run(
            COMMAND,
            env=environment({})
            | {"_TEARSHEET_COMPLETE": "bash_complete", "COMP_WORDS": words}
            | {"COMP_CWORD": str(len(words.split()) - 1)},
            capture_output=True,
            text=True,
            check=True,
        )
        return {line.partition(",")[2] for line in done.stdout.splitlines()}

    assert {"seed", "serve"} == offered("tearsheet se")
    assert {"revoke"} == offered("tearsheet token r")
    assert "--events" in offered("tearsheet seed --e")


def test_seed_says_what_it_made(tmp_path: Path) -> None:
    """One JSON document, and no bar where nobody looks; then the doctor has nothing to say."""
    settings = {"DATA_DIR": str(tmp_path)}
    run("team", "create", "A", **settings)

    made = run("seed", "--team", "1", "--images", "20", "--events", "5", "--json", **settings)
    doctor = run("doctor", "--json", **settings)

    assert shown(made) == {"team_id": 1, "projects": 4, "images": 20, "events": 5, "seed": 1}
    assert shown(doctor) == []


def test_seed_needs_a_team(tmp_path: Path) -> None:
    """That is there."""
    done = run("seed", "--team", "7", "--images", "5", DATA_DIR=str(tmp_path))

    assert failed(done) == "This team does not exist."


def test_wrong_usage_is_explained(tmp_path: Path) -> None:
    """The parser's own text, exit status 2, and nothing was made."""
    for hint, done in run_all(WRONG, DATA_DIR=str(tmp_path / "data")).items():
        assert (done.returncode, done.stdout) == (2, ""), hint
        assert hint in done.stderr
    assert not (tmp_path / "data").exists()


def test_a_wrong_setting_stops_the_start(tmp_path: Path) -> None:
    """One line with the variable, its value and what it takes; nothing was made."""
    done = run("team", "list", DATA_DIR=str(tmp_path / "data"), IMAGE_MODEL="paintre")

    assert failed(done).startswith("TEARSHEET_IMAGE_MODEL is 'paintre'; it takes one of painter,")
    assert not (tmp_path / "data").exists()


def test_a_data_folder_that_cannot_be_is_one_line(tmp_path: Path) -> None:
    """A file stands where the folder should be."""
    (tmp_path / "data").write_text("")

    done = run("team", "list", DATA_DIR=str(tmp_path / "data"))

    assert failed(done) == f"The data folder {tmp_path / 'data'} cannot be made: File exists."
