"""A token that was made elsewhere and is sent as it is."""

from collections.abc import Generator

import httpx


class BearerToken(httpx.Auth):
    """``Authorization: Bearer TOKEN`` on every request."""

    def __init__(self, token: str) -> None:
        self._header = f"Bearer {token}"

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response]:
        """Add the header."""
        request.headers["authorization"] = self._header
        yield request

    def __repr__(self) -> str:
        return "BearerToken(***)"
