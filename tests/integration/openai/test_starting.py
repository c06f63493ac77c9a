"""A service that cannot ask its model does not start: one line says why, and nothing was made."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.integration.processes import environment

START = """
import os, sys
os.environ.pop("OPENAI_API_KEY", None)
{first}
from tearsheet.entrypoints.cli import main
sys.argv = ["tearsheet", "serve", "--port", "0"]
main()
"""
KEY = "os.environ['OPENAI_API_KEY'] = 'sk-of-the-tests'"


@pytest.mark.parametrize(
    ("first", "settings", "line"),
    [
        (
            f"{KEY}; sys.modules['openai'] = None",
            {},
            "TEARSHEET_IMAGE_MODEL=openai needs the extra openai: pip install 'tearsheet[openai]'",
        ),
        (
            "",
            {},
            "TEARSHEET_IMAGE_MODEL=openai: OPENAI_API_KEY is not set; this preset needs a key",
        ),
        (
            KEY,
            {"OPENAI_PRESET": "dalle"},
            "TEARSHEET_OPENAI_PRESET is 'dalle'; it takes one of "
            "openai, azure, sdcpp, localai, vllm-omni",
        ),
        (
            KEY,
            {"OPENAI_MODLE": "x"},
            "TEARSHEET_OPENAI_MODLE is not a setting of this version; "
            "did you mean TEARSHEET_OPENAI_MODEL?",
        ),
    ],
)
def test_what_is_missing_is_one_line(
    first: str, settings: dict[str, str], line: str, tmp_path: Path
) -> None:
    """The extra, the key, a word that is none."""
    data = tmp_path / "data"
    own = {"IMAGE_MODEL": "openai", "DATA_DIR": str(data), **settings}

    done = subprocess.run(
        [sys.executable, "-c", START.format(first=first)],
        env=environment(own),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )

    assert (done.returncode, done.stderr) == (1, f"tearsheet: {line}\n")
    assert not data.exists()
