"""Who may do what."""

import pytest

from tearsheet.core.errors import Forbidden
from tearsheet.core.identity import Actor, Scope
from tearsheet.core.ids import TeamId


def test_a_reader_may_not_write() -> None:
    """The scope ``read`` refuses every change."""
    reader = Actor("editor", TeamId(1), Scope.READ)

    with pytest.raises(Forbidden):
        reader.check_may_write()


def test_a_writer_may_write() -> None:
    """The scope ``write`` allows changes."""
    Actor("editor", TeamId(1), Scope.WRITE).check_may_write()


def test_an_actor_writes_unless_told_otherwise() -> None:
    """``write`` is the default scope."""
    assert Actor("editor", TeamId(1)).scope is Scope.WRITE
