"""What ``ProjectReader`` and ``ProjectRepository`` promise."""

import pytest

from tearsheet.core.errors import NotFound
from tearsheet.core.ids import ProjectId
from tests.examples import MICROSECOND, NOW, a_project
from tests.integration.contracts.store import Store


class ProjectsContract:
    """One team's projects."""

    async def test_a_project_comes_back_as_it_was_kept(self, store: Store) -> None:
        """With a domain or without."""
        us = await store.team()
        plain = a_project(1, created_at=NOW + MICROSECOND)
        named = a_project(2, name="Дневник", domain="дневник.example")

        await store.keep(us, plain, named)

        async with store.view(us) as view:
            assert await view.projects.get(plain.id) == plain
            assert await view.projects.get(named.id) == named

    async def test_every_project_is_listed_by_id(self, store: Store) -> None:
        """In whatever order they were kept."""
        us = await store.team()
        await store.keep(us, *(a_project(n) for n in (3, 1, 2)))

        async with store.view(us) as view:
            assert await view.projects.all() == tuple(a_project(n) for n in (1, 2, 3))

    async def test_get_does_not_find_what_is_not_there(self, store: Store) -> None:
        """An id that nobody has is ``NotFound``."""
        us = await store.team()

        async with store.view(us) as view:
            with pytest.raises(NotFound, match="project"):
                await view.projects.get(ProjectId(404))

    async def test_another_team_s_project_is_not_there(self, store: Store) -> None:
        """Neither by id nor in the list."""
        us, them = await store.team(), await store.team()
        await store.keep(us, a_project(1))

        async with store.view(them) as view:
            assert await view.projects.all() == ()
            with pytest.raises(NotFound, match="This project does not exist"):
                await view.projects.get(ProjectId(1))
