"""What must not be said: secrets and prompts in the log, internals in a refusal."""

import logging
import socket

import pytest

from tests.integration.waiting import until

from .judging import LEAKS
from .running import Service, TeamCaller

PROMPT = "a most confidential unicorn"


def misbehave(service: Service) -> dict[str, str]:
    """A session with everything in it that goes wrong; what nobody may read in the log."""
    team = service.new_team()
    assert team.token is not None
    image = team.ended(team.asked_for(PROMPT, title=f"{PROMPT}!"))
    signature = image["url"].rpartition("=")[2]
    team.ended(team.edited(image["id"], PROMPT))
    team.http.get(image["url"])
    team.http.get(image["url"][:-1] + "0")
    team.get(f"/v1/images?q={PROMPT}&colour={signature}")
    team.get(f"/v1/credits?token={team.token}")
    for body in (f'{{"prompt":"{PROMPT}"', f'{{"prompt":5,"{PROMPT}":1}}', f'["{PROMPT}"]'):
        team.send("/v1/generate/image", body.encode())
    team.send("/v1/generate/image", PROMPT.encode(), "text/plain")
    team.service.bearer(f"{team.token}x").get("/v1/credits")
    team.get("/v1/credits", headers={"Cookie": f"token={team.token}", "X-Prompt": PROMPT})
    team.get(f"/files/{signature}?signature={signature}")
    team.get("/v1/images/%0Aforged line")
    service.anybody.get("/health/ready")
    return {"token": team.token, "prompt": PROMPT, "signature": signature}


def test_the_log_of_a_session_holds_no_secret(
    service: Service, caplog: pytest.LogCaptureFixture
) -> None:
    """No token, no signature of a link, no prompt; and no line that a client wrote."""
    caplog.set_level(logging.DEBUG, "tearsheet")

    secrets = misbehave(service)

    assert "GET /v1/credits 200" in caplog.text
    assert "GET /files/… 200" in caplog.text
    for name, secret in secrets.items():
        assert secret not in caplog.text, name
    assert "unicorn" not in caplog.text
    assert not any("\n" in record.getMessage() for record in caplog.records)


def test_every_request_leaves_a_line_with_its_id(
    service: Service, caplog: pytest.LogCaptureFixture
) -> None:
    """Method, path, status, time and the id that the client has too."""
    caplog.set_level(logging.INFO, "tearsheet")

    response = service.anybody.get("/v1/credits")

    given = response.headers["x-request-id"]
    line = until(lambda: next((r for r in caplog.records if given in r.getMessage()), None))
    assert line.name == "tearsheet.access"
    assert line.getMessage().startswith("GET /v1/credits 401 ")


def test_a_client_that_leaves_is_no_bug_of_ours(
    team: TeamCaller, caplog: pytest.LogCaptureFixture
) -> None:
    """Gone in the middle of its body: nothing is charged, and no alarm is raised."""
    caplog.set_level(logging.INFO, "tearsheet")
    host, _, port = team.service.links.base_url.removeprefix("http://").partition(":")
    head = f"POST /v1/generate/image HTTP/1.1\r\nHost: {host}\r\nX-Request-Id: gone\r\n"
    head += f"Authorization: Bearer {team.token}\r\nContent-Type: application/json\r\n"

    with socket.create_connection((host, int(port))) as connection:
        connection.sendall(f'{head}Content-Length: 500\r\n\r\n{{"prompt":'.encode())
    line = until(
        lambda: next((r for r in caplog.records if "gone" in r.getMessage()), None)
    ).getMessage()

    assert line.startswith("POST /v1/generate/image - ")
    assert [record for record in caplog.records if record.levelno > logging.INFO] == []
    assert team.credits() == (1_000, 0)


@pytest.mark.parametrize(
    "text",
    [
        'File "/srv/x.py", line 3',
        "sqlite3.OperationalError",
        "SELECT * FROM images WHERE",
        "/home/me/data",
        "<class 'int'>",
        "litestar.exceptions",
    ],
)
def test_the_judge_of_every_answer_would_notice(text: str) -> None:
    """Each refusal in these tests is searched for such words; the search finds them."""
    assert LEAKS.search(text)
