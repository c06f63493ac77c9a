"""The filters and orders of the gallery over HTTP, row by row."""

from typing import Any

import pytest

from tearsheet.adapters.memory import SteerableClock
from tearsheet.core.gallery.search import COUNT_LIMIT
from tests.examples import DAY, MICROSECOND, MINUTE, an_image

from .calling import Caller, fields_of, refused
from .running import Service, TeamCaller

Names = dict[str, int]


def found(team: Caller, query: str = "", path: str = "/v1/images") -> list[int]:
    """The ids that a listing shows, in order."""
    response = team.get(path + query)
    assert response.status_code == 200, response.text
    return [image["id"] for image in response.json()["data"]]


@pytest.fixture
def gallery(still: Service, us: TeamCaller, clock: SteerableClock) -> Names:
    """Five images by name, a minute apart, the oldest first."""
    project = still.new_project(us.id)

    def asked(prompt: str, **more: Any) -> int:
        clock.advance(MINUTE)
        return int(us.asked_for(prompt, **more)["image_id"])

    names = {"fox": asked("a RED fox", title="Élan vital", tags=["Hero", "sea  side"])}
    names["owl"] = asked("an owl, 100% wool", tags=["hero", "night"], project_id=project)
    names["sea"] = asked("東京 bay", tags=["sea side"], article_id=88)
    still.run_due()
    names["variant"] = us.edited(names["fox"], "red again")["image_id"]
    names["late"] = asked("Straße", project_id=project, article_id=88)
    us.post(f"/v1/images/{names['owl']}/favorite")
    names["project"] = project
    return names


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("", "late variant sea owl fox"),
        ("?q=red", "variant fox"),
        ("?q=RE", "variant fox"),
        ("?q=elan", "fox"),
        ("?q=%C3%89LAN+fox", "fox"),
        ("?q=ed", ""),
        ("?q=night", "owl"),
        ("?q=STRASSE", "late"),
        ("?q=%E4%BA%AC", "sea"),
        ("?q=100%25", "owl"),
        ("?q=%25", "late variant sea owl fox"),
        ("?q=", "late variant sea owl fox"),
        ("?q=a_red", "variant fox"),
        ("?model=instant", "late variant sea owl fox"),
        ("?model=Instant", ""),
        ("?favorite=1", "owl"),
        ("?favorite=true", "owl"),
        ("?favorite=0", "late variant sea fox"),
        ("?favorite=false", "late variant sea fox"),
        ("?tags[]=hero", "variant owl fox"),
        ("?tags=hero", "variant owl fox"),
        ("?tags[]=HERO&tags=Sea++Side", "variant fox"),
        ("?tags=hero&tags=night", "owl"),
        ("?tags%5B%5D=night&tags%5B%5D=sea+side", ""),
        ("?tags[]=night&tags[]=sea+side&tags_mode=any", "variant sea owl fox"),
        ("?tags[]=hero&tags[]=night&tags_mode=all", "owl"),
        ("?exclude_tags[]=hero", "late sea"),
        ("?exclude_tags=hero&exclude_tags=sea+side", "late"),
        ("?tags[]=hero&exclude_tags[]=night", "variant fox"),
        ("?status[]=pending", "late variant"),
        ("?status=ready", "sea owl fox"),
        ("?status[]=ready&status[]=pending", "late variant sea owl fox"),
        ("?status[]=failed", ""),
        ("?roots=1", "late sea owl fox"),
        ("?roots=0", "late variant sea owl fox"),
        ("?project_id={project}", "late owl"),
        ("?project_id=404", ""),
        ("?article_id=88", "late sea"),
        ("?project_id={project}&article_id=88", "late"),
        ("?sort=newest", "late variant sea owl fox"),
        ("?sort=oldest", "fox owl sea variant late"),
        ("?q=red&tags[]=hero&roots=true&sort=oldest", "fox"),
    ],
)
def test_each_filter_leaves_what_fits(
    us: TeamCaller, gallery: Names, query: str, names: str
) -> None:
    """Each row of the contract, alone and together with others."""
    expected = [gallery[name] for name in names.split()]

    assert found(us, query.format(project=gallery["project"])) == expected


def test_edited_goes_by_words_and_variants_and_not_by_marks(
    still: Service, us: TeamCaller, gallery: Names, clock: SteerableClock
) -> None:
    """A PATCH and a variant becoming ready count; favourite, trash and restore do not."""
    clock.advance(MINUTE)
    us.ask("PATCH", f"/v1/images/{gallery['sea']}", json={"title": "x"})
    clock.advance(MINUTE)
    us.post(f"/v1/images/{gallery['fox']}/favorite")
    us.ask("DELETE", f"/v1/images/{gallery['owl']}")
    us.post(f"/v1/images/{gallery['owl']}/restore")
    assert found(us, "?sort=edited")[0] == gallery["sea"]

    clock.advance(MINUTE)
    still.run_due()
    order = found(us, "?sort=edited")
    assert set(order[:3]) == {gallery[name] for name in ("fox", "variant", "late")}
    assert order[3] == gallery["sea"]


def test_an_image_is_found_from_and_up_to_its_own_time(
    us: TeamCaller, clock: SteerableClock
) -> None:
    """``from=<created_at>`` finds its own row, to the microsecond; both ends are inclusive."""
    clock.advance(1_234 * MICROSECOND)
    made = []
    for _ in range(3):
        made.append(us.asked_for()["image_id"])
        clock.advance(MICROSECOND)
    before, own, after = made
    moment = us.image(own)["created_at"]
    assert moment == "2026-05-01T12:00:00.001235Z"

    assert found(us, f"?from={moment}") == [after, own]
    assert found(us, f"?to={moment}") == [own, before]
    assert found(us, f"?from={moment}&to={moment}") == [own]


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("?to=2026-05-01", "noon last"),
        ("?from=2026-05-02", "midnight"),
        ("?from=2026-05-01&to=2026-05-01", "noon last"),
        ("?from=2026-05-02T02:00:00%2B02:00", "midnight"),
        ("?to=2026-05-01T23:59:59Z", "noon"),
        ("?from=2026-05-03", ""),
    ],
)
def test_a_bare_date_is_a_whole_day_in_utc(
    us: TeamCaller, clock: SteerableClock, query: str, names: str
) -> None:
    """As ``to`` with its last microsecond, as ``from`` with its first."""
    ids = {"noon": us.asked_for()["image_id"]}
    clock.advance(DAY / 2 - MICROSECOND)
    ids["last"] = us.asked_for()["image_id"]
    clock.advance(MICROSECOND)
    ids["midnight"] = us.asked_for()["image_id"]

    assert found(us, query + "&sort=oldest") == [ids[name] for name in names.split()]


WRONG = [
    ("q=" + "x" * 201, "q"),
    ("q=" + "%25" * 10_000, "q"),
    ("q=%00", "q"),
    ("q=%FF", "query"),
    ("model=" + "x" * 65, "model"),
    ("from=yesterday", "from"),
    ("from=2026-02-29", "from"),
    ("from=2026-05-01T12:00:00", "from"),
    ("to=2026-05-01T25:00:00Z", "to"),
    ("from=2026-05-02&to=2026-05-01", "from"),
    ("favorite=yes", "favorite"),
    ("favorite=", "favorite"),
    ("favorite[]=1", "favorite[]"),
    ("tags[]=" + "x" * 65, "tags[]"),
    ("tags=", "tags[]"),
    ("tags_mode=some", "tags_mode"),
    ("exclude_tags[]=+", "exclude_tags[]"),
    ("status[]=done", "status[]"),
    ("status=Ready", "status[]"),
    ("project_id=0", "project_id"),
    ("project_id=1_0", "project_id"),
    ("article_id=9223372036854775808", "article_id"),
    ("roots=maybe", "roots"),
    ("sort=deleted", "sort"),
    ("sort=Newest", "sort"),
    ("page=0", "page"),
    ("per_page=101", "per_page"),
    ("page=1&page=1", "page"),
    ("sort=newest&sort=newest", "sort"),
    ("colour=red", "colour"),
    ("Q=x", "Q"),
    ("cursor=x", "cursor"),
    ("cursor=", "cursor"),
    ("trashed=1", "trashed"),
]


@pytest.mark.parametrize(("query", "field"), WRONG)
def test_a_wrong_parameter_is_named(us: TeamCaller, query: str, field: str) -> None:
    """And nothing is listed."""
    response = us.get(f"/v1/images?{query}")

    refused(response, 422, "validation_failed")
    assert list(fields_of(response)) == [field]


def test_all_wrong_parameters_are_named_at_once(us: TeamCaller) -> None:
    """So that nobody mends them one by one."""
    response = us.get("/v1/images?page=0&sort=x&tags[]=&colour=red")

    assert sorted(fields_of(response)) == ["colour", "page", "sort", "tags[]"]


@pytest.mark.parametrize("query", ["q=" + "x" * 200, "per_page=100", "page=2147483648"])
def test_at_its_limit_a_parameter_is_right(us: TeamCaller, query: str) -> None:
    """One more would be wrong."""
    assert found(us, f"?{query}") == []


def test_another_team_s_project_finds_what_an_unknown_one_finds(
    still: Service, us: TeamCaller, them: TeamCaller
) -> None:
    """Nothing: a filter is no way to learn what there is."""
    theirs = still.new_project(them.id)
    them.asked_for(project_id=theirs)

    assert found(us, f"?project_id={theirs}") == found(us, "?project_id=404") == []


@pytest.mark.parametrize(("query", "capped"), [("?favorite=0", False), ("?q=red", False)])
def test_a_total_that_was_counted_to_its_end_is_not_capped(
    us: TeamCaller, gallery: Names, query: str, capped: bool
) -> None:
    """Its meta says so."""
    meta = us.get(f"/v1/images{query}").json()["meta"]

    assert meta["total_is_capped"] is capped
    assert meta["total"] == len(found(us, query))


def test_a_total_beyond_ten_thousand_is_capped_with_several_filters(idle: Service) -> None:
    """10000 and ``total_is_capped``; one filter counts to the end; the links go on."""
    us = idle.new_team()
    copies(idle, us, COUNT_LIMIT + 1)

    one = us.get("/v1/images?favorite=0&per_page=1").json()["meta"]
    several = us.get("/v1/images?favorite=0&roots=1&per_page=1").json()["meta"]
    end = us.get("/v1/images?favorite=0&roots=1&per_page=100&page=100").json()

    assert (one["total"], one["total_is_capped"]) == (COUNT_LIMIT + 1, False)
    assert (several["total"], several["total_is_capped"]) == (COUNT_LIMIT, True)
    assert end["meta"]["last_page"] == 100
    assert len(us.get(end["links"]["next"]).json()["data"]) == 1


def copies(service: Service, team: TeamCaller, count: int) -> None:
    """So many images, without asking for each over HTTP."""

    async def keep() -> None:
        async with service.ports.unit(team.id) as unit:
            for number in range(1, count + 1):
                await unit.images.add(an_image(number))
            await unit.commit()

    service.do(keep)


class TestTrash:
    """``GET /v1/images/trash``."""

    def test_the_newest_deletion_comes_first(
        self, us: TeamCaller, gallery: Names, clock: SteerableClock
    ) -> None:
        """Whatever was made first; live images are not in it, and it is not in the gallery."""
        for name in ("owl", "sea", "fox"):
            clock.advance(MINUTE)
            us.ask("DELETE", f"/v1/images/{gallery[name]}")

        expected = [gallery[name] for name in ("fox", "sea", "owl")]
        assert found(us, path="/v1/images/trash") == expected
        assert found(us) == [gallery["late"], gallery["variant"]]

    def test_of_one_deletion_the_higher_id_comes_first(
        self, us: TeamCaller, gallery: Names
    ) -> None:
        """Bulk deletions are one moment."""
        ids = [gallery[name] for name in ("owl", "fox", "sea")]
        us.post("/v1/images/bulk/delete", json={"ids": ids})

        assert found(us, path="/v1/images/trash") == sorted(ids, reverse=True)

    def test_an_image_leaves_the_trash_at_its_time(
        self, us: TeamCaller, gallery: Names, clock: SteerableClock
    ) -> None:
        """At ``purge_at`` it is gone, a microsecond before it is there."""
        image = us.ask("DELETE", f"/v1/images/{gallery['owl']}").json()["data"]
        assert image["deleted_at"] == "2026-05-01T12:04:00Z"
        assert image["purge_at"] == "2026-05-31T12:04:00Z"

        clock.advance(30 * DAY - MICROSECOND)
        assert found(us, path="/v1/images/trash") == [gallery["owl"]]
        clock.advance(MICROSECOND)
        assert found(us, path="/v1/images/trash") == []

    def test_pages(self, us: TeamCaller, gallery: Names) -> None:
        """The same paging as the gallery's."""
        us.post("/v1/images/bulk/delete", json={"ids": [gallery["owl"], gallery["fox"]]})

        page = us.get("/v1/images/trash?per_page=1&page=2").json()

        assert [image["id"] for image in page["data"]] == [gallery["fox"]]
        assert page["meta"]["total"] == 2
        assert page["links"]["prev"] == "/v1/images/trash?per_page=1&page=1"

    @pytest.mark.parametrize("name", ["q", "sort", "favorite", "x"])
    def test_it_takes_no_filters(self, us: TeamCaller, name: str) -> None:
        """Unknown parameters are refused, not ignored."""
        response = us.get(f"/v1/images/trash?{name}=1")

        assert list(fields_of(response)) == [name]

    def test_another_team_s_trash_is_another(
        self, us: TeamCaller, them: TeamCaller, gallery: Names
    ) -> None:
        """Nobody looks into it."""
        us.ask("DELETE", f"/v1/images/{gallery['owl']}")

        assert found(them, path="/v1/images/trash") == []


class TestLegacy:
    """``GET /v1/projects/{project}/images``."""

    def test_the_images_of_one_project(self, us: TeamCaller, gallery: Names) -> None:
        """The gallery's items, order, filters and paging, without those in the trash."""
        path = f"/v1/projects/{gallery['project']}/images"

        assert found(us, path=path) == [gallery["late"], gallery["owl"]]
        assert found(us, "?sort=oldest&per_page=1&page=2", path) == [gallery["late"]]
        assert found(us, "?q=owl&tags[]=hero", path) == [gallery["owl"]]
        us.ask("DELETE", f"/v1/images/{gallery['owl']}")
        assert found(us, path=path) == [gallery["late"]]

        [legacy] = us.get(path).json()["data"]
        [item] = us.get(f"/v1/images?project_id={gallery['project']}").json()["data"]
        assert legacy == item

    def test_it_says_that_it_is_old_and_what_came_after(
        self, us: TeamCaller, gallery: Names
    ) -> None:
        """RFC 9745 and RFC 8288; the successor shows the same images."""
        path = f"/v1/projects/{gallery['project']}/images"

        response = us.get(path)

        assert response.headers["deprecation"].startswith("@")
        successor, relation = response.headers["link"].split("; ")
        assert relation == 'rel="successor-version"'
        assert found(us, path=successor.strip("<>")) == found(us, path=path)

    def test_links_stay_on_it(self, us: TeamCaller, gallery: Names) -> None:
        """By page and by cursor."""
        path = f"/v1/projects/{gallery['project']}/images"

        page = us.get(f"{path}?per_page=1").json()

        assert page["links"]["next"] == f"{path}?per_page=1&page=2"
        assert found(us, f"?cursor={page['meta']['next_cursor']}", path) == [gallery["owl"]]

    @pytest.mark.parametrize("query", ["", "?page=x", "?cursor=x"])
    def test_another_team_s_project_is_answered_like_none(
        self, still: Service, us: TeamCaller, them: TeamCaller, query: str
    ) -> None:
        """404 before a look at the query."""
        theirs = still.new_project(them.id)

        for project in (theirs, 404, "x", "01"):
            body = refused(us.get(f"/v1/projects/{project}/images{query}"), 404, "not_found")
            assert body["detail"] == "This project does not exist."

    def test_it_takes_no_other_project(self, us: TeamCaller, gallery: Names) -> None:
        """The path names it already."""
        response = us.get(f"/v1/projects/{gallery['project']}/images?project_id=1")

        assert list(fields_of(response)) == ["project_id"]
