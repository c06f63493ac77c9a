"""One spelling for every address, and what may be done there.

The framework finds ``/v1/images`` behind ``//v1/images/`` too, and files behind ``/filesystem``.
Two spellings of one thing are one too many for rules, caches and logs that go by the address.
"""

import re
from typing import Any

from litestar import Litestar, Request

from .outer import ASGIApp, Message, Receive, Scope, Send
from .problems import FRAMEWORK_CODES, problem

_OTHER_SPELLING = re.compile(r"//|./$|^/(files|exports)[^/]")
_SHARE = re.compile(r"/s/[^/]+/")
"""Passed on by hand: a slash at its end does no harm."""


class Addresses:
    """An ASGI wrapper around the application; see the module."""

    def __init__(self, app: Litestar) -> None:
        self._inner: ASGIApp = app.asgi_handler
        self._methods: dict[str, set[str]] = {}
        for route in app.routes:
            methods = {str(method) for method in getattr(route, "methods", ())}
            self._methods.setdefault(route.path_format, set()).update(methods)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self._inner(scope, receive, send)
        elif _is_other_spelling(scope):
            request: Request[Any, Any, Any] = Request(scope, receive, send)
            refusal = problem(request, 404, *FRAMEWORK_CODES[404], {}, {})
            await refusal.to_asgi_response(request=request, app=None)(scope, receive, send)
        elif scope["method"] == "OPTIONS":
            await self._inner(scope, receive, self._with_all_methods(scope, send))
        else:
            await self._inner(scope, receive, send)

    def _with_all_methods(self, scope: Scope, send: Send) -> Send:
        """Name every method of the address, also where routes share it."""

        async def send_on(message: Message) -> None:
            known = self._methods.get(str(scope.get("path_template")))
            if known and message["type"] == "http.response.start" and message["status"] == 204:
                kept = [(k, v) for k, v in message["headers"] if k.lower() != b"allow"]
                message["headers"] = [*kept, (b"allow", ", ".join(sorted(known)).encode())]
            await send(message)

        return send_on


def _is_other_spelling(scope: Scope) -> bool:
    path = str(scope["path"]).removeprefix(str(scope.get("root_path", "")).rstrip("/"))
    return _OTHER_SPELLING.search(path) is not None and _SHARE.fullmatch(path) is None
