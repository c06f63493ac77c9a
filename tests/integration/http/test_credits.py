"""Credits: held when work is asked for, spent when it is done, never more than there are."""

from .calling import refused
from .running import Service


def test_what_is_asked_for_is_held_and_then_spent(idle: Service) -> None:
    """Five credits for an image: set aside at once, gone when the picture is there."""
    team = idle.new_team(credits=20)

    receipt = team.asked_for()
    assert receipt["credits_charged"] == 5
    assert team.credits() == (15, 5)

    idle.run_due()
    assert team.credits() == (15, 0)


def test_an_edit_costs_ten(idle: Service) -> None:
    """A variant is dearer than a new image."""
    team = idle.new_team(credits=20)
    image = team.asked_for()["image_id"]
    idle.run_due()

    assert team.edited(image)["credits_charged"] == 10
    assert team.credits() == (5, 10)

    idle.run_due()
    assert team.credits() == (5, 0)


def test_too_few_credits_create_nothing(idle: Service) -> None:
    """The refusal says what it costs and what there is; nothing exists afterwards."""
    team = idle.new_team(credits=4)

    body = refused(
        team.post("/v1/generate/image", json={"prompt": "x"}), 402, "insufficient_credits"
    )

    assert (body["required"], body["balance"]) == (5, 4)
    assert team.credits() == (4, 0)
    assert team.listed()["meta"]["total"] == 0
    assert idle.run_due() == 0


def test_an_edit_that_cannot_be_paid_creates_nothing(idle: Service) -> None:
    """Five are left of ten: the source stays as it was, without a variant."""
    team = idle.new_team(credits=14)
    image = team.asked_for()["image_id"]
    idle.run_due()

    response = team.post(f"/v1/images/{image}/edit", json={"prompt": "x"})

    body = refused(response, 402, "insufficient_credits")
    assert (body["required"], body["balance"]) == (10, 9)
    assert team.credits() == (9, 0)
    assert team.image(image)["variants"] == []


def test_the_last_credits_can_be_spent(idle: Service) -> None:
    """Exactly enough is enough."""
    team = idle.new_team(credits=5)

    team.asked_for()

    assert team.credits() == (0, 5)
