"""Airflow 3's own login: user name and password are exchanged for a token that lasts a day."""

from collections.abc import Generator

import httpx
import orjson

from adapters.sdk.errors import Drift, Unauthorized
from adapters.sdk.protocol import Connection

#: What Airflow answers, with status 403, to a token that it no longer takes.
STALE_TOKEN = b"Invalid JWT token"


class TokenLogin(httpx.Auth):
    """Logs in at the first request, and again whenever the token is refused."""

    requires_response_body = True

    def __init__(self, connection: Connection, username: str, password: str) -> None:
        self._connection = connection
        self._credentials = {"username": username, "password": password}
        self._token: str | None = None

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response]:
        """Send with the token; on a stale one log in and send once more. Unauthorized where the login is refused."""
        sent_with = self._token
        if sent_with is not None:
            response = yield self._signed(request, sent_with)
            if not _is_stale(response):
                return
        if self._token in {None, sent_with}:  # nobody has logged in meanwhile
            self._token = self._read((yield self._login()))
        yield self._signed(request, self._token or "")

    def _login(self) -> httpx.Request:
        return httpx.Request("POST", f"{self._connection.url.rstrip('/')}/auth/token", json=self._credentials)

    def _signed(self, request: httpx.Request, token: str) -> httpx.Request:
        request.headers["authorization"] = f"Bearer {token}"
        return request

    def _read(self, response: httpx.Response) -> str:
        where = f"{self._connection.name}: POST {response.request.url}"
        if response.status_code in {400, 401, 403, 422}:
            sources = ", ".join(f"{name} from {ref}" for name, ref in sorted(self._connection.references.items()))
            remedy = f"Check the credentials ({sources})." if sources else "Check the credentials."
            raise Unauthorized(f"{where} refused user {self._credentials['username']!r}.", remedy=remedy)
        if not response.is_success:
            response.raise_for_status()
        try:
            token: str = orjson.loads(response.content)["access_token"]
        except (orjson.JSONDecodeError, KeyError, TypeError):
            raise Drift(f"{where} answered {response.status_code} without an access_token.") from None
        self._connection.redactor.add(token)
        return token

    def __repr__(self) -> str:
        return "TokenLogin(***)"


def _is_stale(response: httpx.Response) -> bool:
    return response.status_code == 401 or (response.status_code == 403 and STALE_TOKEN in response.content)
