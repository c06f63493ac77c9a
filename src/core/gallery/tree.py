"""The tree of variants: who came from whom, and what happens when one is taken out."""

from collections.abc import Iterable
from datetime import datetime
from typing import Self

import attrs

from ..ids import EditSessionId, ImageId
from .image import Image


@attrs.frozen
class Tree:
    """All images of one tree, trashed ones included, as a store holds them."""

    images: dict[ImageId, Image]

    @classmethod
    def of(cls, images: Iterable[Image]) -> Self:
        """A tree of these images, which share one ``root_id``."""
        return cls({image.id: image for image in images})

    def children(self, image_id: ImageId) -> tuple[Image, ...]:
        """The direct variants, in the order they were asked for."""
        found = (image for image in self.images.values() if image.parent_id == image_id)
        return tuple(sorted(found, key=lambda image: (image.created_at, image.id)))

    def live_children(self, image_id: ImageId) -> tuple[Image, ...]:
        """The direct variants that are not in the trash; the last is the newest."""
        return tuple(image for image in self.children(image_id) if not image.is_trashed)

    def ancestors(self, image_id: ImageId) -> tuple[Image, ...]:
        """Parent, its parent, … up to the root."""
        chain = []
        parent_id = self.images[image_id].parent_id
        while parent_id is not None:
            parent = self.images[parent_id]
            chain.append(parent)
            parent_id = parent.parent_id
        return tuple(chain)

    def has_session(self, session: EditSessionId) -> bool:
        """Whether somebody edited in this session here."""
        return any(image.edit_session_id == session for image in self.images.values())

    def without(self, image_id: ImageId) -> "Tree":
        """The tree once this image is taken out.

        Its variants go to its parent; without a parent each becomes a root of its own, and
        takes along what hangs from it.
        """
        gone = self.images[image_id]
        rest = {
            image.id: attrs.evolve(image, parent_id=gone.parent_id)
            if image.parent_id == image_id
            else image
            for image in self.images.values()
            if image.id != image_id
        }
        if gone.parent_id is not None:
            return Tree(rest)
        tree = Tree(rest)
        return Tree(
            {
                image.id: attrs.evolve(image, root_id=(tree.ancestors(image.id) or (image,))[-1].id)
                for image in rest.values()
            }
        )

    def without_gone(self, cutoff: datetime) -> "Tree":
        """The tree as a reader may see it: images past their time in the trash are out."""
        tree = self
        for image in self.images.values():
            if image.is_gone(cutoff):
                tree = tree.without(image.id)
        return tree

    def changes_from(self, before: "Tree") -> tuple[Image, ...]:
        """The images here that differ from those in ``before``."""
        return tuple(
            image for image in self.images.values() if image != before.images.get(image.id)
        )
