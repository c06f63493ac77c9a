"""That a store gives back exactly what it was given, however odd."""

from datetime import UTC, datetime

import attrs
import pytest

from tearsheet.core.errors import Problem
from tearsheet.core.gallery.image import (
    Failed,
    Image,
    ImageState,
    Pending,
    Processing,
    Ready,
    Source,
)
from tearsheet.core.gallery.model import ImageRequest, PixelSize
from tearsheet.core.gallery.picture import Format
from tearsheet.core.ids import MAX_ID, ArticleId, EditSessionId, ImageId, ProjectId
from tearsheet.core.team.team import Project
from tests.examples import (
    MICROSECOND,
    NOW,
    a_job_id,
    a_picture,
    a_project,
    a_ready_image,
    a_request,
    a_variant,
    an_image,
)
from tests.integration.contracts.store import Store

YEAR_1 = datetime(1, 1, 1, tzinfo=UTC)
YEAR_9999 = datetime(9999, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC)
ODD_TEXTS = {
    "emoji": "🦊👩‍🚀🏳️‍🌈",
    "right to left": "שלום \u202eعالم\u202c",
    "quotes": "'; DROP TABLE images; --\" `",
    "wildcards": "100% _ * ? [a-z] \\ \\\\ \\n",
    "combined and not": "e\u0301 é \u1e9b\u0323",
    "control characters": "\x01\t\r\n\x7f\u2028\ufeff",
    "beyond the basic plane": "𠀀\U0010fffd",
}


class ValuesContract:
    """Round trips of whole values."""

    @pytest.mark.parametrize(
        "state",
        [Pending(), Processing(), Ready(a_picture()), Failed(Problem("refused", "No 🦊."))],
    )
    async def test_every_state_of_an_image_comes_back(
        self, store: Store, state: ImageState
    ) -> None:
        """Pending, processing, ready with its picture, failed with its reason."""
        us = await store.team()
        image = an_image(state=state)

        await store.keep(us, image)

        assert await store.image(us, 1) == image

    async def test_every_field_of_an_image_comes_back(self, store: Store) -> None:
        """Also those that most images leave empty."""
        us = await store.team()
        parent = a_ready_image(1)
        image = a_variant(
            2,
            parent,
            request=ImageRequest(
                prompt="a fox",
                model="m",
                size=PixelSize(99_999, 1),
                quality="high",
                background="opaque",
                format=Format.WEBP,
            ),
            state=Ready(a_picture(2, width=99_999, height=1)),
            source=Source.EDIT,
            edit_session_id=EditSessionId(a_job_id()),
            project_id=ProjectId(7),
            article_id=ArticleId(8),
            title="Fox",
            alt_text="A fox",
            tags=("b", "a"),
            is_favorite=True,
            created_at=NOW + MICROSECOND,
            updated_at=NOW + 2 * MICROSECOND,
            edited_at=NOW + 3 * MICROSECOND,
            deleted_at=NOW + 4 * MICROSECOND,
        )

        await store.keep(us, a_project(7), parent, image)

        assert await store.image(us, 2) == image

    @pytest.mark.parametrize("text", ODD_TEXTS.values(), ids=ODD_TEXTS)
    async def test_odd_texts_come_back(self, store: Store, text: str) -> None:
        """To the letter, in every field that takes text, however long."""
        us = await store.team()
        title = (text * 255)[:255]
        image = an_image(
            request=a_request((text * 32_000)[:32_000]),
            state=Failed(Problem("refused", text)),
            title=title,
            alt_text=(text * 2_000)[:2_000],
            tags=(text[:64], "other"),
        )
        project = a_project(name=title, domain=title)

        await store.keep(us, image, project)

        assert await store.image(us, 1) == image
        async with store.view(us) as view:
            assert await view.projects.get(project.id) == project

    @pytest.mark.parametrize("moment", [YEAR_1, YEAR_9999, NOW + MICROSECOND])
    async def test_every_moment_comes_back_in_utc(self, store: Store, moment: datetime) -> None:
        """The years 1 and 9999 and single microseconds too."""
        us = await store.team()
        image = an_image(now=moment, deleted_at=moment)

        await store.keep(us, image)

        found = await store.image(us, 1)
        assert found == image
        assert {found.created_at.tzinfo, found.edited_at.tzinfo} == {UTC}

    async def test_the_largest_ids_come_back(self, store: Store) -> None:
        """All 63 bits of them."""
        us = await store.team()
        project = Project(id=ProjectId(MAX_ID), name="last", created_at=NOW)
        image = an_image(MAX_ID, project_id=project.id, article_id=ArticleId(MAX_ID))
        child = a_variant(MAX_ID - 1, image)

        await store.keep(us, project, image, child)

        assert await store.image(us, MAX_ID) == image
        assert await store.image(us, MAX_ID - 1) == child
        assert await store.ids(us) == [MAX_ID, MAX_ID - 1]

    async def test_tags_come_back_in_their_order(self, store: Store) -> None:
        """After adding and after every change; none are none."""
        us = await store.team()
        await store.keep(us, an_image(tags=("c", "a", "b")))

        seen = [(await store.image(us, 1)).tags]
        for tags in (("b", "c"), ("b", "c", "ä"), (), tuple(f"tag {n}" for n in range(50))):
            await store.save(us, attrs.evolve(an_image(), tags=tags))
            seen.append((await store.image(us, 1)).tags)

        assert seen[:4] == [("c", "a", "b"), ("b", "c"), ("b", "c", "ä"), ()]
        assert len(seen[4]) == 50

    async def test_a_large_gallery_keeps_its_images_apart(self, store: Store) -> None:
        """Five hundred named at once all come back, each as it was."""
        us = await store.team()
        images: list[Image] = [a_ready_image(n, tags=(f"tag {n % 7}",)) for n in range(1, 501)]
        await store.keep(us, *images)

        async with store.view(us) as view:
            found = await view.images.get_many([ImageId(n) for n in range(500, 0, -1)])

        assert list(found) == images[::-1]
