"""GraphiQL for a browser, built with the UI. The page holds no data, so it is open; it signs in as the UI has."""

from pathlib import Path

from starlette.responses import FileResponse, Response

from gateway.api.ui import not_built

#: Its editor writes styles into the page; scripts come from here only.
POLICY = (
    "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self' data:; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)


def explorer(web_root: Path | None) -> Response:
    """The page, or what to do where it has not been built."""
    page = web_root / "graphiql.html" if web_root is not None else None
    if page is None or not page.is_file():
        return not_built()
    return FileResponse(page, headers={"content-security-policy": POLICY, "cache-control": "no-cache"})
