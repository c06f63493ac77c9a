"""Judges archives: whole, of nothing but what was asked for, and without what was thrown away."""

from collections.abc import Iterator, Mapping

from tests.soak.history import Act
from tests.soak.states import Course


def problems(
    exports: Mapping[str, Act],
    downloads: list[Act],
    courses: Mapping[int, Course],
    shas: Mapping[int, str],
    ready: Mapping[int, float],
) -> Iterator[str]:
    """Everything that is wrong.

    ``exports`` are by job, ``shas`` of the images that were seen, ``ready`` is since when.
    """
    for act in downloads:
        export, opened = exports[act.about], act.answer
        if opened["wrong"] is not None:
            yield f"{act}: export {act.about} {opened['wrong']}"
        for image, sha in opened["members"].items():
            if image not in export.about:
                yield f"export {act.about} holds image {image}, which nobody asked for"
            elif sha != shas.get(image, sha):
                yield f"export {act.about} holds other bytes of image {image}"
            elif not any(state.is_open for state in courses[image].at(export.began)):
                yield f"export {act.about} holds image {image}, which had been thrown away"
        for image in export.about:
            during = courses[image].during(export.began, act.ended)
            surely = during is not None and all(state.is_open for state in during)
            surely = surely and ready.get(image, float("inf")) < export.began
            if surely and image not in opened["members"]:
                yield f"export {act.about} lacks image {image}"
