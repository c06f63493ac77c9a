"""Models, tags and the ledger over HTTP."""

import attrs
import pytest
from anyio.from_thread import BlockingPortal

from tearsheet.adapters.fake_models import Instant, fake_capabilities
from tearsheet.adapters.memory import SteerableClock, memory_ports
from tearsheet.core.gallery.model import FixedSizes, PixelSize, SizeGrid
from tests.examples import MINUTE

from .calling import Json, fields_of, refused
from .running import Service, TeamCaller, running_from_memory


def tags(team: TeamCaller, query: str = "") -> list[tuple[str, int]]:
    """Tags and how often each is used."""
    response = team.get(f"/v1/images/tags{query}")
    assert response.status_code == 200, response.text
    assert list(response.json()) == ["data"]
    return [(used["tag"], used["count"]) for used in response.json()["data"]]


class TestModels:
    """``GET /v1/models``."""

    def test_a_model_says_what_it_takes_and_costs(self, us: TeamCaller) -> None:
        """Sizes, qualities, formats, edits, masks, and credits for each."""
        [model] = us.get("/v1/models").json()["data"]

        assert model == {
            "name": "instant",
            "default": True,
            "sizes": {
                "list": None,
                "step": 16,
                "shortest": 16,
                "longest": 4096,
                "max_ratio": None,
                "min_pixels": 1,
                "max_pixels": None,
            },
            "default_size": "64x64",
            "qualities": ["auto"],
            "default_quality": "auto",
            "formats": ["png"],
            "default_format": "png",
            "backgrounds": ["opaque"],
            "max_prompt": 32_000,
            "max_source_bytes": 67_108_864,
            "edit": True,
            "mask": True,
            "cost": {"generate": 5, "edit": 10},
        }

    def test_the_first_model_is_the_default(
        self, portal: BlockingPortal, clock: SteerableClock
    ) -> None:
        """A list of sizes, or a grid with bounds; a model may choose the size itself."""
        fixed = attrs.evolve(
            fake_capabilities("fixed"),
            sizes=FixedSizes((PixelSize(64, 64), PixelSize(96, 64))),
            default_size=None,
            can_edit=False,
        )
        bounds = SizeGrid(
            step=8, shortest=8, longest=80, max_ratio=3.0, min_pixels=64, max_pixels=640
        )
        bound = attrs.evolve(fake_capabilities("bound"), sizes=bounds)
        models = [Instant(capabilities) for capabilities in (fixed, bound)]
        with running_from_memory(portal, memory_ports(models=models, now=clock)) as service:
            first, second = service.new_team().get("/v1/models").json()["data"]

        assert (first["default"], second["default"]) == (True, False)
        assert first["sizes"]["list"] == ["64x64", "96x64"]
        assert (first["default_size"], first["edit"]) == ("auto", False)
        names = ("max_ratio", "min_pixels", "max_pixels")
        assert [second["sizes"][name] for name in names] == [3.0, 64, 640]

    @pytest.mark.parametrize(
        ("field", "value", "code"),
        [
            ("model", "nobody", "unsupported_by_model"),
            ("size", "17x17", "unsupported_by_model"),
            ("quality", "best", "unsupported_by_model"),
            ("format", "webp", "unsupported_by_model"),
            ("background", "transparent", "unsupported_by_model"),
            ("model", 7, "validation_failed"),
            ("size", "wide", "validation_failed"),
            ("quality", 7, "validation_failed"),
            ("format", "gif", "validation_failed"),
            ("background", 7, "validation_failed"),
        ],
    )
    def test_what_a_model_does_not_take_is_told_before_a_credit_moves(
        self, us: TeamCaller, field: str, value: object, code: str
    ) -> None:
        """A value that it does not offer, or one that is wrong for any model, by name."""
        response = us.post("/v1/generate/image", json={"prompt": "x", field: value})

        refused(response, 422, code)
        assert list(fields_of(response)) == [f"/{field}"]
        assert us.credits() == (1_000, 0)

    def test_it_takes_no_parameters(self, us: TeamCaller) -> None:
        """Nor anybody without a token."""
        assert list(fields_of(us.get("/v1/models?x=1"))) == ["x"]
        assert us.service.anybody.get("/v1/models").status_code == 401


class TestTags:
    """``GET /v1/images/tags``."""

    def test_the_most_used_come_first(self, us: TeamCaller, them: TeamCaller) -> None:
        """Then by alphabet; neither the trash nor another team counts."""
        for named in (["hero", "sea"], ["hero", "art"], ["hero"]):
            us.asked_for(tags=named)
        image = us.asked_for(tags=["sea", "gone"])["image_id"]
        us.ask("DELETE", f"/v1/images/{image}")
        them.asked_for(tags=["theirs", "sea"])

        assert tags(us) == [("hero", 3), ("art", 1), ("sea", 1)]

        us.post(f"/v1/images/{image}/restore")
        assert tags(us) == [("hero", 3), ("sea", 2), ("art", 1), ("gone", 1)]

    def test_a_changed_image_counts_with_its_new_tags(self, us: TeamCaller) -> None:
        """A variant counts with those that it inherits."""
        image = us.asked_for(tags=["a"])["image_id"]
        us.service.run_due()
        us.edited(image)

        us.ask("PATCH", f"/v1/images/{image}", json={"tags": ["b"]})

        assert tags(us) == [("a", 1), ("b", 1)]

    @pytest.mark.parametrize(
        ("query", "expected"),
        [
            ("?q=gol", ["golden hour"]),
            ("?q=GOLDEN++h", ["golden hour"]),
            ("?q=hour", []),
            ("?q=E", ["e%", "élan"]),
            ("?q=e%25", ["e%"]),
            ("?q=", ["e%", "golden hour", "élan"]),
            ("?limit=2", ["e%", "golden hour"]),
            ("?limit=1&q=%C3%A9", ["e%"]),
        ],
    )
    def test_they_are_found_by_how_they_begin(
        self, us: TeamCaller, query: str, expected: list[str]
    ) -> None:
        """Without case and accents, and no more than asked for."""
        us.asked_for(tags=["Golden Hour", "Élan", "e%"])

        assert [tag for tag, _ in tags(us, query)] == expected

    @pytest.mark.parametrize(
        "query", ["limit=0", "limit=1001", "limit=x", "q=" + "x" * 65, "q=%00", "page=1"]
    )
    def test_a_wrong_parameter_is_named(self, us: TeamCaller, query: str) -> None:
        """One alone here."""
        assert list(fields_of(us.get(f"/v1/images/tags?{query}"))) == [query.partition("=")[0]]


class TestLedger:
    """``GET /v1/credits/entries``."""

    def test_every_line_stands_there_newest_first(
        self, still: Service, us: TeamCaller, clock: SteerableClock
    ) -> None:
        """What happened, for which job, when, and what could then be spent."""
        clock.advance(MINUTE)
        receipt = us.asked_for()
        dropped = us.asked_for()
        us.ask("DELETE", f"/v1/images/{dropped['image_id']}")
        clock.advance(MINUTE)
        still.run_due()

        page: Json = us.get("/v1/credits/entries").json()

        lines = [{k: v for k, v in line.items() if k != "id"} for line in page["data"]]
        first, second, third = (f"2026-05-01T12:0{n}:00Z" for n in range(3))
        done, cancelled = receipt["job_id"], dropped["job_id"]
        assert lines == [
            line("capture", 5, done, third, 995),
            line("release", 5, cancelled, second, 995),
            line("hold", 5, cancelled, second, 990),
            line("hold", 5, done, second, 995),
            line("grant", 1_000, None, first, 1_000),
        ]
        assert us.credits() == (page["data"][0]["balance_after"], 0)

    def test_it_comes_in_pages(self, us: TeamCaller, them: TeamCaller) -> None:
        """Each line once, each with its own number and balance; another team's are not there."""
        for _ in range(4):
            us.asked_for()
        whole = us.get("/v1/credits/entries").json()["data"]

        pages = [us.get(f"/v1/credits/entries?per_page=2&page={n}").json() for n in (1, 2, 3)]

        assert [line for page in pages for line in page["data"]] == whole
        assert [line["balance_after"] for line in whole] == [980, 985, 990, 995, 1_000]
        assert len({line["id"] for line in whole}) == 5
        assert pages[2]["meta"]["total"] == 5
        assert pages[2]["links"]["next"] is None
        assert len(them.get("/v1/credits/entries").json()["data"]) == 1

    @pytest.mark.parametrize("query", ["page=0", "per_page=0", "kind=grant", "cursor=x"])
    def test_a_wrong_parameter_is_named(self, us: TeamCaller, query: str) -> None:
        """It takes pages alone."""
        response = us.get(f"/v1/credits/entries?{query}")

        assert list(fields_of(response)) == [query.partition("=")[0]]


def line(kind: str, amount: int, job_id: str | None, at: str, balance_after: int) -> Json:
    """A line of the ledger without its number."""
    return {
        "kind": kind,
        "amount": amount,
        "job_id": job_id,
        "at": at,
        "balance_after": balance_after,
    }
