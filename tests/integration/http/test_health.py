"""Health: alive while the process answers, ready while every part works."""

from pathlib import Path

from tests.integration.waiting import until

from .running import Service


def test_a_live_process_says_so(service: Service) -> None:
    """Without a token, without looking at anything."""
    response = service.anybody.get("/health/live")

    assert response.status_code == 200
    assert response.json() == {"status": "ok"}


def test_a_ready_service_names_its_parts(service: Service) -> None:
    """Each was asked."""
    response = service.anybody.get("/health/ready")

    assert response.status_code == 200
    assert response.json() == {"status": "ok", "checks": {"database": "ok", "blobs": "ok"}}


def test_a_missing_disk_is_an_outage_and_not_a_deletion(service: Service, blobs: Path) -> None:
    """Without its folder the service is not ready, still shows what it knows, and recovers."""
    team = service.new_team()
    image = team.image(team.ready_image())
    away = blobs.with_name("away")
    blobs.rename(away)
    try:
        response = service.anybody.get("/health/ready")
        assert response.status_code == 503
        assert response.json() == {
            "status": "unavailable",
            "checks": {"database": "ok", "blobs": "unavailable"},
            "problems": {"blobs": "The blob folder is not there."},
        }
        assert service.anybody.get("/health/live").status_code == 200
        assert team.image(image["id"])["processing_status"] == "ready"
        assert team.http.get(image["url"]).status_code == 503
    finally:
        away.rename(blobs)

    assert service.anybody.get("/health/ready").status_code == 200
    assert team.http.get(image["url"]).status_code == 200


def test_without_its_mark_a_folder_is_not_ours(service: Service, blobs: Path) -> None:
    """An empty mount point in place of the disk has no mark: nothing is written into it."""
    team = service.new_team()
    mark = blobs / "tearsheet-blobs"
    away = mark.rename(blobs.with_name("mark"))
    try:
        assert service.anybody.get("/health/ready").status_code == 503
        receipt = team.asked_for()
        until(lambda: team.job(receipt)["attempts"] and team.job(receipt)["status"] == "pending")
        assert team.credits() == (995, 5)
    finally:
        away.rename(mark)

    assert service.anybody.get("/health/ready").status_code == 200
    assert team.ended(receipt)["processing_status"] == "ready"
