"""The tree of variants, and what happens when an image is taken out of it."""

from hypothesis import given
from hypothesis import strategies as st

from tearsheet.core.gallery.image import Image
from tearsheet.core.gallery.tree import Tree
from tearsheet.core.ids import EditSessionId, ImageId
from tests.examples import DAY, MINUTE, NOW, a_ready_image, a_variant


@st.composite
def trees(draw: st.DrawFn) -> Tree:
    """A root and up to eight descendants, asked for at a few different moments."""
    images = [a_ready_image(1)]
    for number in range(2, draw(st.integers(1, 9)) + 1):
        parent = draw(st.sampled_from(images))
        images.append(
            a_variant(
                number,
                parent,
                created_at=NOW + draw(st.integers(0, 3)) * MINUTE,
                deleted_at=draw(st.sampled_from([None, None, NOW - DAY, NOW])),
            )
        )
    return Tree.of(draw(st.permutations(images)))


@st.composite
def felled(draw: st.DrawFn) -> tuple[Tree, Image, Tree]:
    """A tree, one of its images, and the tree without it."""
    tree = draw(trees())
    gone = tree.images[draw(st.sampled_from(sorted(tree.images)))]
    return tree, gone, tree.without(gone.id)


def check_sound(tree: Tree) -> None:
    """Every image has a way up to a root of its own, and says which root that is."""
    for image in tree.images.values():
        chain = (image, *tree.ancestors(image.id))
        assert len({i.id for i in chain}) == len(chain), "a circle"
        assert chain[-1].parent_id is None
        assert image.root_id == chain[-1].id


@given(trees())
def test_ancestors_lead_from_the_parent_to_the_root(tree: Tree) -> None:
    """Each is the parent of the one before; the last has none."""
    for image in tree.images.values():
        chain = tree.ancestors(image.id)
        assert [i.id for i in chain] == [i.parent_id for i in (image, *chain)][:-1]

    check_sound(tree)


@given(felled())
def test_without_an_image_the_rest_is_still_a_forest(felling: tuple[Tree, Image, Tree]) -> None:
    """Never a circle, and ``root_id`` is right everywhere, whoever was taken out."""
    _, _, after = felling

    check_sound(after)


@given(felled())
def test_variants_go_to_the_parent_of_what_was_taken_out(
    felling: tuple[Tree, Image, Tree],
) -> None:
    """The children of the image are its parent's now; everyone else keeps theirs."""
    before, gone, after = felling

    assert set(after.images) == set(before.images) - {gone.id}
    for image in after.images.values():
        old = before.images[image.id].parent_id
        assert image.parent_id == (gone.parent_id if old == gone.id else old)


@given(trees())
def test_without_its_root_a_tree_splits(tree: Tree) -> None:
    """Each variant of the root becomes a root and takes along what hangs from it."""
    children = {child.id for child in tree.children(ImageId(1))}

    after = tree.without(ImageId(1))

    assert {i.id for i in after.images.values() if i.parent_id is None} == children
    assert {i.root_id for i in after.images.values()} == children


@given(felled())
def test_nothing_but_the_place_in_the_tree_changes(felling: tuple[Tree, Image, Tree]) -> None:
    """Taking an image out changes no word, no time and no picture of another."""
    before, _, after = felling

    for image in after.images.values():
        old = before.images[image.id]
        assert image.request == old.request
        assert (image.created_at, image.updated_at, image.edited_at, image.deleted_at) == (
            old.created_at,
            old.updated_at,
            old.edited_at,
            old.deleted_at,
        )


@given(felled())
def test_changes_are_the_images_that_differ(felling: tuple[Tree, Image, Tree]) -> None:
    """A store needs to save these and no others."""
    before, _, after = felling

    changed = after.changes_from(before)

    differ = {n for n, image in after.images.items() if image != before.images[n]}
    assert {image.id for image in changed} == differ
    assert all(after.images[image.id] == image for image in changed)


@given(trees())
def test_children_come_in_the_order_they_were_asked_for(tree: Tree) -> None:
    """By time, then by id: ``[-1]`` is the newest."""
    for parent in tree.images:
        children = tree.children(parent)
        assert list(children) == sorted(children, key=lambda i: (i.created_at, i.id))
        assert {c.id for c in children} == {
            i.id for i in tree.images.values() if i.parent_id == parent
        }


@given(trees())
def test_the_last_live_child_is_the_newest_that_is_not_in_the_trash(tree: Tree) -> None:
    """The trash hides children, it does not reorder them."""
    live = tree.live_children(ImageId(1))
    expected = [i for i in tree.images.values() if i.parent_id == 1 and i.deleted_at is None]

    assert len(live) == len(expected)
    if expected:
        assert live[-1] == max(expected, key=lambda i: (i.created_at, i.id))


@given(trees())
def test_a_reader_sees_no_image_past_its_time(tree: Tree) -> None:
    """Those whose time in the trash is over are out, as if they had been purged already."""
    seen = tree.without_gone(NOW - DAY)

    assert set(seen.images) == {
        i.id for i in tree.images.values() if i.deleted_at is None or i.deleted_at > NOW - DAY
    }
    check_sound(seen)


def test_a_session_belongs_to_the_tree_it_was_started_in() -> None:
    """Whoever edited in it, however deep."""
    root = a_ready_image(1)
    session = EditSessionId("01890a5d-ac96-774b-bcce-b302099a8057")
    tree = Tree.of([root, a_variant(2, root, edit_session_id=session)])

    assert tree.has_session(session)
    assert not tree.has_session(EditSessionId("01890a5d-ac96-774b-bcce-b302099a8058"))
