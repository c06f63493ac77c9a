"""What ``ImageReader`` and ``ImageRepository`` promise."""

import attrs
import pytest

from tearsheet.core.errors import NotFound
from tearsheet.core.gallery.image import Image
from tearsheet.core.ids import ImageId
from tests.examples import (
    DAY,
    MICROSECOND,
    NOW,
    a_ready_image,
    a_request,
    a_variant,
    an_image,
)
from tests.integration.contracts.store import Store

UNKNOWN = ImageId(404)


class ImagesContract:
    """One team's images, to read and to change."""

    @pytest.mark.parametrize("image", [an_image(), an_image(deleted_at=NOW)])
    async def test_get_finds_an_image_trashed_or_not(self, store: Store, image: Image) -> None:
        """Whatever state it is in, the image comes back as it was kept."""
        us = await store.team()

        await store.keep(us, image)

        assert await store.image(us, 1) == image

    async def test_get_does_not_find_what_is_not_there(self, store: Store) -> None:
        """An id that nobody has is ``NotFound``."""
        us = await store.team()

        with pytest.raises(NotFound, match="image"):
            await store.image(us, UNKNOWN)

    async def test_another_team_s_image_is_not_there(self, store: Store) -> None:
        """By no method: someone else's id answers exactly like an unknown one."""
        us, them = await store.team(), await store.team()
        image = an_image(1, deleted_at=NOW)
        await store.keep(us, image)

        async with store.unit(them) as unit:
            for attempt in (
                unit.images.get(image.id),
                unit.images.save(image),
                unit.images.remove(image.id),
            ):
                with pytest.raises(NotFound) as refusal:
                    await attempt
                assert refusal.value.message == "This image does not exist."
            assert await unit.images.get_many([image.id]) == ()
            assert await unit.images.tree(image.root_id) == ()
            assert await unit.images.due(NOW, 10) == ()
            await unit.commit()

        assert await store.image(us, 1) == image

    async def test_get_many_answers_in_the_order_asked(self, store: Store) -> None:
        """Each once, however often it was named."""
        us = await store.team()
        await store.keep(us, *(an_image(n) for n in (1, 2, 3)))

        async with store.view(us) as view:
            found = await view.images.get_many([ImageId(n) for n in (3, 1, 3, 2, 1)])

        assert [image.id for image in found] == [3, 1, 2]

    async def test_get_many_leaves_out_what_is_not_there(self, store: Store) -> None:
        """Unknown ids and another team's are passed over; trashed images are there."""
        us, them = await store.team(), await store.team()
        await store.keep(us, an_image(1), an_image(2, deleted_at=NOW))
        await store.keep(them, an_image(3))

        async with store.view(us) as view:
            found = await view.images.get_many([ImageId(3), ImageId(2), UNKNOWN, ImageId(1)])
            none = await view.images.get_many([])

        assert [image.id for image in found] == [2, 1]
        assert none == ()

    async def test_tree_answers_with_all_of_one_tree_by_id(self, store: Store) -> None:
        """Root, variants of variants, trashed ones too; other trees stay out."""
        us, them = await store.team(), await store.team()
        root = a_ready_image(5)
        child = a_variant(9, root, deleted_at=NOW)
        grandchild = a_variant(7, child)
        await store.keep(us, root, child, grandchild, an_image(6))
        await store.keep(them, an_image(8, root_id=root.id))

        async with store.view(us) as view:
            assert await view.images.tree(root.id) == (root, grandchild, child)
            assert await view.images.tree(ImageId(6)) == (an_image(6),)
            assert await view.images.tree(UNKNOWN) == ()

    async def test_save_keeps_the_new_state(self, store: Store) -> None:
        """The last one saved counts; other images stay as they are."""
        us = await store.team()
        await store.keep(us, an_image(1), an_image(2))
        later = a_ready_image(1, title="Fox", tags=("b", "a"), request=a_request("x"))

        await store.save(us, attrs.evolve(later, title="Hare"))
        await store.save(us, later)

        assert await store.image(us, 1) == later
        assert await store.image(us, 2) == an_image(2)

    async def test_save_does_not_make_images(self, store: Store) -> None:
        """What was never added is ``NotFound``, and stays so."""
        us = await store.team()

        async with store.unit(us) as unit:
            with pytest.raises(NotFound, match="image"):
                await unit.images.save(an_image())
            await unit.commit()

        assert await store.ids(us) == []

    async def test_remove_forgets_an_image(self, store: Store) -> None:
        """It is not there any more, and nothing of it is left in the way of another."""
        us = await store.team()
        image = a_ready_image(1, tags=("fox",))
        await store.keep(us, image, an_image(2))

        async with store.unit(us) as unit:
            await unit.images.remove(image.id)
            with pytest.raises(NotFound):
                await unit.images.get(image.id)
            await unit.commit()

        assert await store.ids(us) == [2]
        await store.keep(us, image)
        assert await store.image(us, 1) == image

    async def test_remove_does_not_find_what_is_not_there(self, store: Store) -> None:
        """A second removal is ``NotFound``."""
        us = await store.team()
        await store.keep(us, an_image())

        async with store.unit(us) as unit:
            await unit.images.remove(ImageId(1))
            with pytest.raises(NotFound, match="image"):
                await unit.images.remove(ImageId(1))

    async def test_due_are_those_deleted_at_the_cutoff_or_before(self, store: Store) -> None:
        """The longest ago first; live images are never due."""
        us = await store.team()
        times = {1: NOW, 2: NOW + MICROSECOND, 3: NOW - DAY, 4: None, 5: NOW - 2 * DAY}
        await store.keep(us, *(an_image(n, deleted_at=at) for n, at in times.items()))

        async with store.unit(us) as unit:
            due = await unit.images.due(NOW, 10)

        assert [image.id for image in due] == [5, 3, 1]

    async def test_due_are_no_more_than_asked_for(self, store: Store) -> None:
        """The limit leaves out the most recent ones."""
        us = await store.team()
        await store.keep(us, *(an_image(n, deleted_at=NOW - n * DAY) for n in (1, 2, 3)))

        async with store.unit(us) as unit:
            due = await unit.images.due(NOW, 2)

        assert [image.id for image in due] == [3, 2]
