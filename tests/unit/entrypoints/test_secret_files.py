"""Secrets out of files: read at the start, and never shown, whatever is wrong with them."""

import re
from pathlib import Path

import pytest

from tearsheet.entrypoints.secret_files import IN_FILES, MAX_BYTES
from tearsheet.entrypoints.settings import Settings, WrongSetting

ROOT = Path(__file__).parents[3]
VALUES = {
    "TEARSHEET_SECRET_KEY": "Pq3vB7rT1xZ8mK5w",
    "TEARSHEET_SECRET_KEY_PREVIOUS": "wK5mZ8xT1rB7vPq3",
    "TEARSHEET_DATABASE_URL": "postgresql+asyncpg://ada:hush@db.example/pictures",
    "TEARSHEET_BROKER_URL": "redis://:hush@valkey.example:6379/0",
    "OPENAI_API_KEY": "sk-hush",
}
OPENAI = {"TEARSHEET_IMAGE_MODEL": "openai"}


def in_file(folder: Path, name: str, content: bytes) -> dict[str, str]:
    """The variable that names a file with this content."""
    path = folder / name.lower()
    path.write_bytes(content)
    return {f"{name}_FILE": str(path)}


def wrong(variables: dict[str, str]) -> str:
    """The one line that these variables are refused with."""
    with pytest.raises(WrongSetting) as caught:
        Settings.read(variables)
    line = str(caught.value)
    assert "\n" not in line
    return line


@pytest.mark.parametrize("end", ["", "\n", "\r\n"])
def test_every_secret_may_stand_in_a_file(tmp_path: Path, end: str) -> None:
    """As systemd, Docker and Kubernetes hand it over; the end of the line is no part of it."""
    files: dict[str, str] = {}
    for name, value in VALUES.items():
        files |= in_file(tmp_path, name, (value + end).encode())

    assert set(VALUES) == set(IN_FILES)
    assert Settings.read(files | OPENAI) == Settings.read(VALUES | OPENAI)


@pytest.mark.parametrize("name", IN_FILES)
def test_a_secret_is_given_once(tmp_path: Path, name: str) -> None:
    """Which of two would count is nothing to guess; an empty variable is none."""
    named = in_file(tmp_path, name, VALUES[name].encode())
    given = {**OPENAI, "OPENAI_API_KEY": "sk-x"} if name != "OPENAI_API_KEY" else dict(OPENAI)
    if name == "TEARSHEET_DATABASE_URL":
        given["TEARSHEET_SECRET_KEY"] = VALUES["TEARSHEET_SECRET_KEY"]

    line = wrong({**given, **named, name: VALUES[name]})

    assert line == f"{name} and {name}_FILE are both set; one of them is enough"
    Settings.read({**given, **named, name: " "})


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        (b"", "is empty"),
        (b"\n", "is empty"),
        (b"hush\xff\xfe", "is no text in UTF-8"),
        (b"hush\nhush\n", "takes one line"),
        (b"hush" * MAX_BYTES, "takes one line"),
        (b"hush", "it takes "),
    ],
)
@pytest.mark.parametrize("name", [name for name in IN_FILES if name != "OPENAI_API_KEY"])
def test_a_wrong_file_is_one_line_without_what_is_in_it(
    tmp_path: Path, name: str, content: bytes, complaint: str
) -> None:
    """The line names the variable and the file; an empty file is not taken for no setting."""
    named = in_file(tmp_path, name, content)

    line = wrong(named)

    assert line.startswith(f"{name}_FILE is {named[f'{name}_FILE']!r}, ")
    assert complaint in line
    assert "hush" not in line


@pytest.mark.parametrize(
    ("path", "reason"),
    [("nowhere", "No such file"), ("", "Is a directory"), ("a\0b", "no path")],
)
def test_a_file_that_cannot_be_read_is_named(tmp_path: Path, path: str, reason: str) -> None:
    """Before anything is opened or made, and for every secret the same."""
    for name in IN_FILES:
        line = wrong({**OPENAI, f"{name}_FILE": f"{tmp_path}/{path}"})

        assert line.startswith(f"{name}_FILE is ")
        assert f"cannot be read: {reason}" in line


def test_a_provider_s_key_is_read_when_its_model_is_chosen(tmp_path: Path) -> None:
    """It has no prefix of ours, so it may be meant for another program."""
    Settings.read({"OPENAI_API_KEY_FILE": str(tmp_path / "nowhere")})


@pytest.mark.parametrize(
    "key",
    [
        "k" * 64,
        "abcab" * 8,
        "change-me-change-me",
        "CHANGEME0123456789",
        "replace_this_with_40_characters",
        "your-secret-key-here",
        "my-secret-0123456789",
        "openssl rand -base64 48",
        "$(openssl rand -base64 48)",
        "${TEARSHEET_SECRET_KEY:?}",
        "an example of a key",
    ],
)
def test_a_key_that_everybody_could_guess_is_refused(key: str) -> None:
    """Repeated, out of a document, or a command that nothing carried out."""
    line = wrong({"TEARSHEET_SECRET_KEY": key})

    assert line.startswith("TEARSHEET_SECRET_KEY is ***; it takes ")
    how = "openssl rand -base64 48"
    assert line.endswith(how)
    assert key not in line.removesuffix(how)


def test_a_weak_key_can_be_left_behind() -> None:
    """As the one before it is taken: that is how to get away from it."""
    settings = Settings.read(
        {"TEARSHEET_SECRET_KEY": VALUES["TEARSHEET_SECRET_KEY"]}
        | {"TEARSHEET_SECRET_KEY_PREVIOUS": "k" * 16}
    )

    assert settings.previous_secret_key == "k" * 16


def test_no_key_that_a_document_shows_is_taken() -> None:
    """Whoever copies our files and documents as they are is told to make a key."""
    files = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]
    files += [path for path in (ROOT / "deploy").rglob("*") if path.is_file()]
    shown = re.compile(r"TEARSHEET_SECRET_KEY(?:_PREVIOUS)?[=:][ \t]*([^\s`|]+)")
    found = {key for path in files for key in shown.findall(path.read_text())}

    assert found
    for key in found:
        wrong({"TEARSHEET_SECRET_KEY": key})
