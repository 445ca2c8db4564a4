"""The client that every adapter talks through: what it repeats, how long it waits, what it says and never says."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import pytest
from pydantic import BaseModel

from adapters.sdk.contract import Fault, FaultyProxy
from adapters.sdk.errors import AdapterError, Drift, NotFound, RateLimited, Rejected, Unavailable
from adapters.sdk.http import HttpClient, RetryPolicy, retry_after
from adapters.sdk.protocol import Connection
from adapters.sdk.redaction import Redactor

pytestmark = pytest.mark.slow

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
SECRET = "p@ss word/ü"
Calls = list[str]


class Nothing(BaseModel):
    """No option to be given."""


@pytest.fixture
async def proxy() -> AsyncIterator[FaultyProxy]:
    """Nothing stands behind it: every answer is spoiled."""
    async with FaultyProxy("http://127.0.0.1:1").serving() as serving:
        yield serving


@pytest.fixture
def calls() -> Calls:
    """How each request has ended."""
    return []


@pytest.fixture
async def client(proxy, calls) -> AsyncIterator[HttpClient]:
    connection = Connection(
        name="acme-prod",
        url=proxy.url,
        auth=Nothing(),
        options=Nothing(),
        redactor=Redactor([SECRET]),
        clock=lambda: NOW,
        timeout=5.0,
        references={"password": "file:/run/secrets/acme"},
        on_call=lambda outcome, _seconds: calls.append(outcome),
    )
    client = HttpClient(connection, product="Acme", retry=RetryPolicy(attempts=3, longest_wait=0.01))
    yield client
    await client.aclose()


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("", None),
        ("120", 120.0),
        ("0.5", 0.5),
        ("-3", 0.0),
        ("Sat, 21 Nov 2026 12:01:00 GMT", 60.0),
        ("Sat, 21 Nov 2026 11:00:00 GMT", 0.0),
        ("Sat, 21 Nov 2026 14:01:00 +0200", 60.0),
        ("Sat, 21 Nov 2026 12:01:00 -0000", 60.0),
        ("in a moment", None),
    ],
)
def test_retry_after(value, seconds):
    assert retry_after({"retry-after": value}, NOW) == seconds


@pytest.mark.parametrize("fault", [Fault(500), Fault(503), Fault(408), Fault(429, headers={"retry-after": "0"})])
async def test_a_read_is_repeated_and_a_write_is_not(client, proxy, calls, fault):
    with proxy.spoiling(fault), pytest.raises(AdapterError):
        await client.read("GET", "runs")
    assert len(calls) == 3
    calls.clear()
    with proxy.spoiling(fault), pytest.raises(AdapterError):
        await client.write("POST", "runs", json={})
    assert len(calls) == 1


@pytest.mark.parametrize(("status", "kind"), [(404, NotFound), (400, Rejected), (409, Rejected), (422, Rejected)])
async def test_what_would_be_refused_again_is_asked_once(client, proxy, calls, status, kind):
    with proxy.spoiling(Fault(status, b'{"detail": "no such day"}')), pytest.raises(kind, match="no such day"):
        await client.read("GET", "runs")
    assert len(calls) == 1


async def test_a_long_wait_is_left_to_the_caller(client, proxy, calls):
    fault = Fault(429, headers={"retry-after": "3600"})
    with proxy.spoiling(fault), pytest.raises(RateLimited) as caught:
        await client.read("GET", "runs")
    assert (caught.value.retry_after, calls) == (3600.0, ["rate_limited"])


@pytest.mark.parametrize(
    ("fault", "says"),
    [
        (Fault(302, headers={"location": "https://sso.example.com/"}), "redirects to https://sso.example.com/"),
        (Fault(200, b"<HTML><TITLE>Sign in</TITLE>", {"content-type": "text/html"}), r"an HTML page \(Sign in\)"),
        (Fault(200, b"plain words"), "plain words instead of JSON"),
    ],
)
async def test_another_product_is_quoted(client, proxy, fault, says):
    with proxy.spoiling(fault), pytest.raises(Drift, match=rf"acme-prod: GET .*{says}.*Is http://.* really Acme\?"):
        await client.read("GET", "runs")


@pytest.mark.parametrize("spelling", [SECRET, "p%40ss%20word%2F%C3%BC", "cEBzcyB3b3JkL8O8"])
async def test_a_secret_that_comes_back_is_masked(client, proxy, spelling):
    body: Any = f'{{"you sent": "{spelling}"}}'.encode()
    with proxy.spoiling(Fault(503, body)), pytest.raises(Unavailable) as caught:
        await client.read("GET", "runs")
    assert spelling not in str(caught.value)
    assert "***" in str(caught.value)


async def test_refused_credentials_name_their_reference(client, proxy):
    with (
        proxy.spoiling(Fault(401)),
        pytest.raises(AdapterError, match=r"Check the credentials \(password from file:/run"),
    ):
        await client.read("GET", "runs")
