"""A team's projects."""

from datetime import datetime

import attrs
from litestar import Response, delete, get, put
from litestar.params import FromPath

from ...core.errors import Invalid, NotFound
from ...core.ids import ProjectId
from ...core.team import organizing
from ...core.team.commands import CreateProject, ReviseProject
from ...core.team.team import Project
from .context import ApiRequest, actor_of, answer, api_of, path_id, read_body, url_path
from .documents import Data, PageOf, documented
from .pages import PAGING_PARAMETERS, page_shape, paging_of
from .queries import PAGING, no_query, read_query
from .retries import post


@attrs.frozen(kw_only=True, slots=False)
class ProjectShape:
    """One publication of the team."""

    id: ProjectId
    name: str
    domain: str | None
    created_at: datetime


def project_shape(project: Project) -> ProjectShape:
    """One project."""
    return ProjectShape(
        id=project.id, name=project.name, domain=project.domain, created_at=project.created_at
    )


@get(
    "/v1/projects",
    opt=documented(
        id="listProjects",
        tag="Team",
        summary="The team's projects, the oldest first",
        query=PAGING_PARAMETERS,
        answers={200: PageOf(ProjectShape)},
        refusals=(Invalid,),
    ),
)
async def list_projects(request: ApiRequest) -> Response[bytes]:
    """A page of them."""
    query = request.scope["query_string"]
    paging = paging_of(read_query(query, PAGING))
    page = await organizing.list_projects(api_of(request).ports, actor_of(request), paging)
    return answer(page_shape(page, project_shape, url_path(request, "/v1/projects"), query))


@post(
    "/v1/projects",
    opt=documented(
        id="createProject",
        tag="Team",
        summary="Make a project",
        body=CreateProject,
        body_examples={"site": {"name": "The Weekly", "domain": "weekly.example"}},
        answers={201: Data(ProjectShape)},
        headers={201: ("Location",)},
        links=dict.fromkeys(
            ("getProject", "updateProject", "listEvents", "createEvent"), "$response.body#/data/id"
        ),
    ),
)
async def create_project(request: ApiRequest) -> Response[bytes]:
    """Make one."""
    command = await read_body(request, CreateProject)
    project = await organizing.create_project(api_of(request).ports, actor_of(request), command)
    location = url_path(request, f"/v1/projects/{project.id}")
    return answer({"data": project_shape(project)}, 201, {"Location": location})


@get(
    "/v1/projects/{project_id:str}",
    opt=documented(
        id="getProject",
        tag="Team",
        summary="One project",
        answers={200: Data(ProjectShape)},
        refusals=(NotFound, Invalid),
    ),
)
async def get_project(request: ApiRequest, project_id: FromPath[str]) -> Response[bytes]:
    """Show one."""
    number = ProjectId(path_id(project_id, "project"))
    project = await organizing.show_project(api_of(request).ports, actor_of(request), number)
    no_query(request.scope["query_string"])
    return answer({"data": project_shape(project)})


@put(
    "/v1/projects/{project_id:str}",
    opt=documented(
        id="updateProject",
        tag="Team",
        summary="Change a project's name or domain",
        description="What is absent stays; `null` clears the domain.",
        body=ReviseProject,
        body_examples={"move": {"domain": "weekly.example"}},
        answers={200: Data(ProjectShape)},
        refusals=(NotFound,),
    ),
)
async def update_project(request: ApiRequest, project_id: FromPath[str]) -> Response[bytes]:
    """Change one."""
    ports, actor = api_of(request).ports, actor_of(request)
    number = ProjectId(path_id(project_id, "project"))

    async def exists() -> None:
        await organizing.show_project(ports, actor, number)

    command = await read_body(request, ReviseProject, exists)
    project = await organizing.revise_project(ports, actor, number, command)
    return answer({"data": project_shape(project)})


@delete(
    "/v1/projects/{project_id:str}",
    status_code=204,
    opt=documented(
        id="deleteProject",
        tag="Team",
        summary="Delete a project with its events and its feed",
        description="Its images stay, with `project_id` `null`.",
        answers={204: None},
        refusals=(NotFound,),
    ),
)
async def delete_project(request: ApiRequest, project_id: FromPath[str]) -> None:
    """Drop one."""
    number = ProjectId(path_id(project_id, "project"))
    await organizing.drop_project(api_of(request).ports, actor_of(request), number)


routes = (list_projects, create_project, get_project, update_project, delete_project)
