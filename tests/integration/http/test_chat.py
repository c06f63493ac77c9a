"""Images opened in the chat."""

from .calling import fields_of, refused
from .running import Service
from .sharing import a_picture


def test_an_image_is_opened_in_the_chat(idle: Service) -> None:
    """201 with the session, which reads back with the image it is about."""
    team = idle.new_team()
    image = a_picture(team)

    response = team.post(f"/v1/images/{image}/open-in-chat")

    assert response.status_code == 201
    assert list(response.json()) == ["session_id"]
    session = team.get(response.headers["location"]).json()["data"]
    assert session == {
        "id": response.json()["session_id"],
        "gallery_image_id": image,
        "user": "owner",
        "created_at": "2026-05-01T12:00:00Z",
    }


def test_every_opening_is_a_new_session(idle: Service) -> None:
    """Two people do not land in one conversation."""
    team = idle.new_team()
    image = a_picture(team)

    ids = {team.post(f"/v1/images/{image}/open-in-chat").json()["session_id"] for _ in range(3)}

    assert len(ids) == 3


def test_in_the_trash_nothing_is_opened(idle: Service) -> None:
    """409; what was opened before stays readable."""
    team = idle.new_team()
    image = a_picture(team)
    session = team.post(f"/v1/images/{image}/open-in-chat").json()["session_id"]
    team.ask("DELETE", f"/v1/images/{image}")

    refused(team.post(f"/v1/images/{image}/open-in-chat"), 409, "image_trashed")
    team.ask("DELETE", f"/v1/images/{image}/forever")
    refused(team.post(f"/v1/images/{image}/open-in-chat"), 404, "not_found")
    read = team.get(f"/v1/chat-sessions/{session}").json()["data"]
    assert read["gallery_image_id"] == image


def test_nothing_needs_to_be_said(idle: Service) -> None:
    """An empty object is fine, a field is not; nor is a parameter when reading."""
    team = idle.new_team()
    image = a_picture(team)
    path = f"/v1/images/{image}/open-in-chat"

    opened = team.post(path, json={})
    assert opened.status_code == 201
    assert list(fields_of(team.post(path, json={"prompt": "x"}))) == ["/prompt"]
    assert list(fields_of(team.post(path + "?x=1"))) == ["x"]
    session = opened.json()["session_id"]
    assert list(fields_of(team.get(f"/v1/chat-sessions/{session}?x=1"))) == ["x"]


def test_another_team_s_image_and_session_answer_like_unknown_ones(idle: Service) -> None:
    """404, to the letter."""
    us, them = idle.new_team(), idle.new_team()
    image = a_picture(us)
    session = us.post(f"/v1/images/{image}/open-in-chat").json()["session_id"]

    for method, known, unknown in (
        ("POST", f"/v1/images/{image}/open-in-chat", "/v1/images/404/open-in-chat"),
        ("GET", f"/v1/chat-sessions/{session}", "/v1/chat-sessions/404"),
        ("GET", f"/v1/chat-sessions/{session}", "/v1/chat-sessions/1_0"),
    ):
        one = refused(them.ask(method, known), 404, "not_found")
        other = refused(them.ask(method, unknown), 404, "not_found")
        assert one["detail"] == other["detail"]


def test_who_may_only_read_opens_nothing_but_reads(idle: Service) -> None:
    """403 for the one, 200 for the other, 401 for strangers."""
    team = idle.new_team()
    image = a_picture(team)
    session = team.post(f"/v1/images/{image}/open-in-chat").json()["session_id"]

    refused(team.reader().post(f"/v1/images/{image}/open-in-chat"), 403, "forbidden")
    assert team.reader().get(f"/v1/chat-sessions/{session}").status_code == 200
    refused(idle.anybody.get(f"/v1/chat-sessions/{session}"), 401, "unauthenticated")
