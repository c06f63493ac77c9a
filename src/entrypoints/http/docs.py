"""The description of the service: for machines as OpenAPI, for people as a page.

The page's viewer is Swagger UI out of an installed package, so it needs no internet.
"""

from functools import cache
from importlib.metadata import distribution
from pathlib import Path

from litestar import Response, get
from litestar.params import FromPath

from ...core.errors import NotFound
from .context import ApiRequest, answer, url_path
from .documents import documented

ASSETS = {
    "swagger.js": ("swagger_bundle.js", "text/javascript"),
    "swagger.css": ("swagger_style.css", "text/css"),
}

START = """\
"use strict";
window.addEventListener("load", () => {
  const here = document.getElementById("document").href;
  SwaggerUIBundle({
    url: here,
    dom_id: "#viewer",
    deepLinking: true,
    docExpansion: "list",
    defaultModelsExpandDepth: 0,
    tryItOutEnabled: true,
    validatorUrl: null,
  });
});
"""

STYLE = """\
:root { color-scheme: light; }
body { margin: 0; background: #fafafa; }
.swagger-ui .info { margin: 28px 0; }
.swagger-ui .scheme-container { padding: 16px 0; box-shadow: 0 1px 2px rgb(0 0 0 / 10%); }
"""

PAGE = """\
<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>tearsheet · API</title>
<link rel="icon" href="data:,">
<link id="document" rel="alternate" type="application/json" href="{root}/openapi.json">
<link rel="stylesheet" href="{root}/docs/swagger.css">
<link rel="stylesheet" href="{root}/docs/page.css">
<script src="{root}/docs/swagger.js" defer></script>
<script src="{root}/docs/start.js" defer></script>
</head>
<body>
<main id="viewer">
<p>The API is described in <a href="{root}/openapi.json">openapi.json</a>.</p>
</main>
</body>
</html>
"""

_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data:; connect-src 'self'; base-uri 'none'; frame-ancestors 'none'; "
    "form-action 'none'"
)


@get(
    "/openapi.json",
    opt=documented(
        id="getDocument",
        tag="Operations",
        summary="This document",
        answers={200: "application/json"},
        public=True,
    ),
)
async def get_document(request: ApiRequest) -> Response[bytes]:
    """The OpenAPI document."""
    return answer(request.app.state.document())


@get("/docs")
async def show_docs(request: ApiRequest) -> Response[str]:
    """The page."""
    page = PAGE.format(root=url_path(request, ""))
    return Response(page, media_type="text/html", headers={"Content-Security-Policy": _POLICY})


@get("/docs/{name:str}")
async def get_asset(name: FromPath[str]) -> Response[bytes]:
    """A script or a style sheet of the page."""
    content, media_type = _asset(name)
    return Response(
        content, media_type=media_type, headers={"Cache-Control": "public, max-age=3600"}
    )


@cache
def _asset(name: str) -> tuple[bytes, str]:
    if name == "start.js":
        return START.encode(), "text/javascript"
    if name == "page.css":
        return STYLE.encode(), "text/css"
    if name not in ASSETS:
        raise NotFound("page")
    file, media_type = ASSETS[name]
    # The package reads all its files when it is imported; its folder will do.
    folder = Path(str(distribution("offapi").locate_file("offapi")))
    return folder.joinpath(file).read_bytes(), media_type


routes = (get_document, show_docs, get_asset)
