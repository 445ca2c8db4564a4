"""What goes wrong on the wire while runs are read."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from pydantic import SecretStr

from adapters.dagster.adapter import DagsterAdapter
from adapters.dagster.auth import Auth
from adapters.sdk.errors import AdapterError, Drift, RateLimited, Unauthorized, Unavailable
from gateway.domain.observation import RunRef
from gateway.domain.states import RunState
from tests.adapters.dagster.pretend import BROKEN, SILENT, Answer, PretendDagster

pytestmark = pytest.mark.slow

Connect = Callable[..., DagsterAdapter]
START = datetime(2026, 1, 1, tzinfo=UTC)
SECRET = "planted-secret-value"
HTML: Answer = (200, b"<html><title>Sign in</title></html>", {"content-type": "text/html"})


@pytest.fixture
def full(dagster: PretendDagster) -> PretendDagster:
    """With twelve runs."""
    for second in range(12):
        dagster.add(START.timestamp() + second)
    return dagster


@pytest.fixture
def adapter(full: PretendDagster, connect: Connect) -> DagsterAdapter:
    """With a secret that may never show, and three pages to read."""
    return connect(auth=Auth(token=SecretStr(SECRET)), timeout=0.5, page_size=5)


async def read(adapter: DagsterAdapter, cursor: str | None = None) -> set[str]:
    """The ids of what one read yields."""
    return {run.external_id async for page in adapter.runs(cursor, START) for run in page.runs}


@pytest.mark.parametrize("fault", [(500, {}), (503, b"busy"), (429, {}, {"retry-after": "0"}), BROKEN, SILENT], ids=str)
async def test_fault_that_passes_is_not_noticed(full: PretendDagster, adapter: DagsterAdapter, fault: Answer) -> None:
    full.instead["Runs"] = [fault]
    assert await read(adapter) == {run["runId"] for run in full.runs}
    assert full.asked.count("Runs") == 4


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        ((401, {"echo": SECRET}), Unauthorized),
        ((403, {"echo": SECRET}), Unauthorized),
        ((429, {"echo": SECRET}, {"retry-after": "120"}), RateLimited),
        ((500, {"echo": SECRET}), Unavailable),
        (BROKEN, Unavailable),
        (SILENT, Unavailable),
        ((200, b'{"data": '), Drift),
        ((200, b""), Drift),
        (HTML, Drift),
        ((302, b"", {"location": f"https://login.example/?token={SECRET}"}), Drift),
        ((200, {"data": {"runsOrError": {"__typename": "PythonError", "message": SECRET}}}), Unavailable),
        ((200, {"data": {"runsOrError": {"__typename": "Runs", "results": [{"runId": "x"}]}}}), Drift),
    ],
    ids=str,
)
async def test_fault_that_stays_says_what_it_is(
    full: PretendDagster, adapter: DagsterAdapter, fault: Answer, error: type[AdapterError]
) -> None:
    full.instead["Runs"] = [fault] * 3
    with pytest.raises(error) as caught:
        await read(adapter)
    assert SECRET not in f"{caught.value} {caught.value!r}"


async def test_longest_wait_is_told(full: PretendDagster, adapter: DagsterAdapter) -> None:
    full.instead["Runs"] = [(429, {}, {"retry-after": "120"})]
    with pytest.raises(RateLimited) as caught:
        await read(adapter)
    assert caught.value.retry_after == 120


async def test_read_that_breaks_off_goes_on_from_its_last_page(full: PretendDagster, adapter: DagsterAdapter) -> None:
    seen: set[str] = set()
    cursor = None
    with pytest.raises(Drift):
        async for page in adapter.runs(None, START):
            seen |= {run.external_id for run in page.runs}
            cursor = page.cursor
            full.instead["Runs"] = [HTML]
    assert len(seen) == 5
    assert seen | await read(adapter, cursor) == {run["runId"] for run in full.runs}


@pytest.mark.parametrize(
    ("change", "state"),
    [
        ({"status": "HIBERNATING"}, RunState.UNKNOWN),
        ({"updateTime": None}, RunState.RUNNING),
        ({"startTime": 0, "endTime": 0}, RunState.RUNNING),
        ({"creationTime": 1767225600}, RunState.RUNNING),
        ({"runConfig": None}, RunState.RUNNING),
    ],
)
async def test_odd_values(dagster: PretendDagster, connect: Connect, change: dict[str, Any], state: RunState) -> None:
    run = dagster.add(START.timestamp(), **change)
    assert (await connect().run(RunRef("", run["runId"]))).state is state
