"""The built UI at /: files, and the page itself for every address that the UI routes."""

from importlib.resources import files
from pathlib import Path

from starlette._utils import get_route_path
from starlette.exceptions import HTTPException
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Receive, Scope, Send
from starlette.websockets import WebSocketClose

#: Files whose names change with their content.
HASHED = "assets/"
FOREVER = "public, max-age=31536000, immutable"
#: Addresses that belong to programs: there, a missing thing is a 404, never a page.
NOT_PAGES = ("api/", "graphql", "healthz", "readyz", "metrics", HASHED)

NOT_BUILT = files("gateway.api").joinpath("not_built.html").read_text(encoding="utf-8")


def ui(web_root: Path | None) -> ASGIApp:
    """What answers where no route does."""
    pages: ASGIApp = GZipMiddleware(_Pages(web_root) if web_root is not None else _not_built, minimum_size=1024)

    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            await pages(scope, receive, send)
        else:
            await WebSocketClose()(scope, receive, send)

    return answer


class _Pages(StaticFiles):
    def __init__(self, web_root: Path) -> None:
        super().__init__(directory=web_root, html=False)

    async def get_response(self, path: str, scope: Scope) -> Response:
        path = path.removeprefix("./")
        wanted = "index.html" if path in {"", "."} else path
        try:
            response = await super().get_response(wanted, scope)
        except HTTPException as error:
            if error.status_code != 404 or not _is_page(path, scope):
                raise
            wanted = "index.html"
            response = await super().get_response(wanted, scope)
        response.headers["cache-control"] = FOREVER if wanted.startswith(HASHED) else "no-cache"
        return response


def not_built() -> Response:
    """A page that says how to build the UI."""
    return HTMLResponse(NOT_BUILT, headers={"cache-control": "no-cache"})


async def _not_built(scope: Scope, receive: Receive, send: Send) -> None:
    if get_route_path(scope).strip("/"):
        raise HTTPException(404)
    await not_built()(scope, receive, send)


def _is_page(path: str, scope: Scope) -> bool:
    accepted = Request(scope).headers.get("accept", "")
    return not path.startswith(NOT_PAGES) and "text/html" in accepted
