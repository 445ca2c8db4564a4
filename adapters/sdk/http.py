"""One HTTP client per connection: explicit timeouts, retries by kind of error, and errors that say what happened.

Writes are never repeated here, because only the adapter knows how to look up whether they took effect.
"""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

import httpx
import orjson
from tenacity import AsyncRetrying, RetryCallState, retry_if_exception, stop_after_attempt, wait_random_exponential

from adapters.sdk.errors import AdapterError, Drift, NotFound, RateLimited, Rejected, Unauthorized, Unavailable
from adapters.sdk.protocol import Connection
from adapters.sdk.redaction import Redactor

#: Characters of an answer quoted in an error.
EXCERPT = 300
USER_AGENT = "podium/0.1"


@dataclass(frozen=True, slots=True)
class RetryPolicy:
    """How often and how patiently a read is repeated. Times in seconds."""

    attempts: int = 3
    longest_wait: float = 5.0
    #: A longer Retry-After is not waited for here: the caller's own loop backs off instead.
    longest_retry_after: float = 10.0


class HttpClient:
    """Sends requests to one orchestrator and turns everything that is not an answer into an AdapterError."""

    def __init__(
        self,
        connection: Connection,
        *,
        product: str,
        base_url: str | None = None,
        auth: httpx.Auth | None = None,
        headers: Mapping[str, str] | None = None,
        retry: RetryPolicy | None = None,
    ) -> None:
        self._connection = connection
        self._product = product
        self._retry = retry or RetryPolicy()
        self._client = httpx.AsyncClient(
            base_url=(base_url or connection.url).rstrip("/") + "/",
            auth=auth,
            headers={"user-agent": USER_AGENT, "accept": "application/json", **(headers or {})},
            timeout=httpx.Timeout(connection.timeout, connect=min(connection.timeout, 10.0)),
            limits=httpx.Limits(max_connections=8, max_keepalive_connections=4),
        )

    async def read(self, method: str, path: str, *, params: Mapping[str, Any] | None = None, json: Any = None) -> Any:
        """Decoded JSON of a request that changes nothing (a GET, or a POST that is a query); repeated on failure."""
        response = await self._repeat(lambda: self._client.build_request(method, path, params=params, json=json))
        return self.decode(response)

    async def read_text(self, method: str, path: str, *, params: Mapping[str, Any] | None = None, accept: str) -> str:
        """Text of a request that changes nothing, e.g. a log; repeated on failure."""
        response = await self._repeat(
            lambda: self._client.build_request(method, path, params=params, headers={"accept": accept})
        )
        return response.text

    async def write(self, method: str, path: str, *, json: Any = None) -> Any:
        """Decoded JSON of a request that changes something; sent once. Unavailable: outcome unknown."""
        return self.decode(await self.send(self._client.build_request(method, path, json=json)))

    def request(self, method: str, path: str, *, params: Mapping[str, Any] | None = None) -> httpx.Request:
        """A request to be handed to ``repeat`` or ``send``, where the answer's headers are wanted too."""
        return self._client.build_request(method, path, params=params)

    async def repeat(self, request: httpx.Request) -> httpx.Response:
        """As ``read``, for a request somebody else has built (its URL may be relative to the base URL)."""
        return await self._repeat(lambda: self._rebuild(request))

    async def send(self, request: httpx.Request) -> httpx.Response:
        """Send once; the answer is a success or an AdapterError is raised."""
        began = time.perf_counter()
        outcome = "ok"
        try:
            response = await self._exchange(request)
            self._raise_for_status(response)
        except AdapterError as error:
            outcome = error.kind
            raise
        else:
            return response
        finally:
            self._connection.on_call(outcome, time.perf_counter() - began)

    def decode(self, response: httpx.Response) -> Any:
        """The answer's JSON (None for an empty body); Drift where it is something else."""
        if not response.content:
            return None
        try:
            return orjson.loads(response.content)
        except orjson.JSONDecodeError as error:
            message = f"{self._asked(response.request)} answered {self._describe(response)} instead of JSON ({error})."
            raise Drift(message, remedy=self._is_it_this_product()) from None

    async def aclose(self) -> None:
        """Close the connections."""
        await self._client.aclose()

    def _rebuild(self, request: httpx.Request) -> httpx.Request:
        return self._client.build_request(
            request.method, request.url, content=request.content, headers=dict(request.headers)
        )

    async def _repeat(self, build: Callable[[], httpx.Request]) -> httpx.Response:
        async for attempt in AsyncRetrying(
            retry=retry_if_exception(self._may_repeat),
            stop=stop_after_attempt(self._retry.attempts),
            wait=self._wait,
            reraise=True,
        ):
            with attempt:
                return await self.send(build())
        raise AssertionError("tenacity either returns or raises")

    def _may_repeat(self, error: BaseException) -> bool:
        if isinstance(error, RateLimited):
            return (error.retry_after or 0) <= self._retry.longest_retry_after
        return isinstance(error, AdapterError) and error.is_retryable

    def _wait(self, state: RetryCallState) -> float:
        error = state.outcome.exception() if state.outcome else None
        if isinstance(error, RateLimited) and error.retry_after is not None:
            return error.retry_after
        return wait_random_exponential(multiplier=0.2, max=self._retry.longest_wait)(state)

    async def _exchange(self, request: httpx.Request) -> httpx.Response:
        try:
            return await self._client.send(request)
        except httpx.TimeoutException as error:
            seconds = f"{self._connection.timeout:g} s"
            raise Unavailable(f"{self._asked(request)} gave no answer within {seconds}.") from error
        except httpx.ConnectError as error:
            raise Unavailable(
                f"{self._asked(request)} could not be reached: {self._hide(str(error))}.",
                remedy="Check the url and that the server runs.",
            ) from error
        except httpx.DecodingError as error:
            raise Drift(
                f"{self._asked(request)} sent a body that cannot be decoded: {self._hide(str(error))}."
            ) from error
        except httpx.TransportError as error:
            text = self._hide(str(error)) or type(error).__name__
            raise Unavailable(f"{self._asked(request)} broke off: {text}.") from error

    def _raise_for_status(self, response: httpx.Response) -> None:
        status = response.status_code
        if response.is_success:
            return
        told = f"{self._asked(response.request)} answered {status}: {self._describe(response)}."
        if status in {401, 403}:
            raise Unauthorized(told, remedy=self._whose_credentials())
        if status == 429:
            raise RateLimited(told, retry_after=retry_after(response.headers, self._connection.clock()))
        if status == 404:
            raise NotFound(told)
        if status >= 500 or status in {408, 425}:
            raise Unavailable(told)
        if response.is_redirect:
            where = self._hide(response.headers.get("location", "elsewhere"))
            raise Drift(f"{self._asked(response.request)} redirects to {where}.", remedy=self._is_it_this_product())
        raise Rejected(told, status=status)

    def _asked(self, request: httpx.Request) -> str:
        where = request.url.copy_with(query=None, username=None, password=None)
        return self._hide(f"{self._connection.name}: {request.method} {where}")

    def _describe(self, response: httpx.Response) -> str:
        text = " ".join(self._hide(response.text).split())
        kind = response.headers.get("content-type", "").split(";")[0]
        if "html" in kind or text[:15].lower().startswith(("<!doctype", "<html")):
            return f"an HTML page ({html_title(text)})"
        return (text[:EXCERPT] + "…" if len(text) > EXCERPT else text) or "an empty body"

    def _hide(self, text: str) -> str:
        return self._connection.redactor(text)

    def _whose_credentials(self) -> str:
        sources = ", ".join(f"{field} from {ref}" for field, ref in sorted(self._connection.references.items()))
        return f"Check the credentials ({sources})." if sources else "No credentials are configured: set auth."

    def _is_it_this_product(self) -> str:
        return f"Is {self._connection.url} really {self._product}?"


def retry_after(headers: Mapping[str, str], now: datetime) -> float | None:
    """Seconds to wait by a Retry-After header (seconds or an HTTP date); None where it is missing or unreadable."""
    value = headers.get("retry-after", "").strip()
    if not value:
        return None
    try:
        return max(0.0, float(value))
    except ValueError:
        pass
    try:
        until = parsedate_to_datetime(value)
    except ValueError:
        return None
    if until.tzinfo is None:
        until = until.replace(tzinfo=UTC)
    return max(0.0, (until - now).total_seconds())


def html_title(text: str) -> str:
    """The title of a page, for telling a person which product answered."""
    low = text.lower()
    start = low.find("<title")
    end = low.find("</title>", start)
    if start < 0 or end < 0:
        return "no title"
    return text[text.index(">", start) + 1 : end].strip()[:80] or "no title"


def basic_auth(username: str, password: str, redactor: Redactor) -> httpx.BasicAuth:
    """HTTP basic authentication whose encoded form is hidden too."""
    redactor.add(password)
    redactor.add(f"{username}:{password}")
    return httpx.BasicAuth(username, password)
