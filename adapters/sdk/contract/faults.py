"""The part of the contract on what goes wrong."""

import traceback
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import orjson
import pytest

from adapters.sdk.contract.proxy import Fault
from adapters.sdk.contract.workbench import Workbench, runs_in
from adapters.sdk.errors import AdapterError, Drift, RateLimited, Rejected, Unauthorized, Unavailable
from adapters.sdk.protocol import Adapter
from gateway.domain.observation import ObservedRun
from gateway.domain.states import RunState

#: By name, because a traceback quotes the lines of this file.
MISTYPED = "mistyped-password"
HTML = {"content-type": "text/html"}
CUT = Fault(body=b'{"half": ', is_cut=True)
LASTING: Mapping[str, tuple[Fault, type[AdapterError]]] = {
    "401": (Fault(401), Unauthorized),
    "403": (Fault(403), Unauthorized),
    "429": (Fault(429, headers={"retry-after": "3600"}), RateLimited),
    "500": (Fault(500), Unavailable),
    "503": (Fault(503, b"<html><title>Maintenance</title></html>", HTML), Unavailable),
    "cut": (CUT, Unavailable),
    "malformed JSON": (Fault(body=b'{"half": '), Drift),
    "unheard-of JSON": (Fault(body=b'{"unheard": "of"}'), Drift),
    "no object": (Fault(body=b"7"), Drift),
    "another product": (Fault(200, b"<html><title>Grafana</title></html>", HTML), Drift),
}
PASSING = {"500": Fault(500), "503": Fault(503), "cut": CUT, "429": Fault(429, headers={"retry-after": "0"})}

Begun = dict[str, ObservedRun]


class Faults:
    """Errors say what happened, secrets stay hidden, and nothing is missed afterwards."""

    @pytest.mark.parametrize("name", LASTING)
    async def test_a_lasting_fault(self, workbench: Workbench, begun: Begun, name: str) -> None:
        """At a later page: the right error; once it is over, reading goes on from the last cursor."""
        fault, expected = LASTING[name]
        adapter, pages = workbench.connect_by_proxy(), list[tuple[dict[str, ObservedRun], str]]()
        reading = adapter.runs(None, workbench.since)
        first = await anext(aiter(reading))
        pages.append(({run.external_id: run for run in first.runs}, first.cursor))
        with workbench.proxy.spoiling(fault), pytest.raises(expected) as caught:
            async for page in reading:
                pages.append(({run.external_id: run for run in page.runs}, page.cursor))
        assert type(caught.value) is expected
        pages += await workbench.read(adapter, pages[-1][1])
        assert {run.external_id for run in begun.values()} <= runs_in(pages).keys()

    @pytest.mark.parametrize("name", LASTING)
    async def test_a_fault_from_the_beginning(self, workbench: Workbench, name: str) -> None:
        """When nothing is known yet of who answers."""
        fault, expected = LASTING[name]
        with workbench.proxy.spoiling(fault), pytest.raises(expected):
            await workbench.connect_by_proxy().probe()

    @pytest.mark.parametrize("name", PASSING)
    async def test_a_passing_fault(self, workbench: Workbench, begun: Begun, name: str) -> None:
        """Nobody notices."""
        adapter = workbench.connect_by_proxy()
        reading = adapter.runs(None, workbench.since)
        seen = {run.external_id for run in (await anext(aiter(reading))).runs}
        with workbench.proxy.spoiling(PASSING[name], times=1):
            async for page in reading:
                seen |= {run.external_id for run in page.runs}
            assert workbench.proxy.has_spoiled_all
        assert {run.external_id for run in begun.values()} <= seen

    async def test_no_answer(self, workbench: Workbench) -> None:
        """A server that takes the connection and says nothing."""
        with (
            workbench.proxy.spoiling(Fault(is_silent=True)),
            pytest.raises(Unavailable, match=r"no answer within 0\.5 s"),
        ):
            await workbench.connect_by_proxy(timeout=0.5).probe()

    async def test_nobody_listens(self, workbench: Workbench) -> None:
        """The address is named."""
        with pytest.raises(Unavailable, match=r"127\.0\.0\.1:1\b.*could not be reached"):
            await workbench.connect("http://127.0.0.1:1").probe()

    @pytest.mark.parametrize("is_date", [False, True], ids=["seconds", "date"])
    async def test_how_long_to_wait(self, workbench: Workbench, *, is_date: bool) -> None:
        """Retry-After in both of its forms."""
        until = format_datetime(datetime.now(UTC) + timedelta(hours=1), usegmt=True)
        fault = Fault(429, headers={"retry-after": until if is_date else "3600"})
        with workbench.proxy.spoiling(fault), pytest.raises(RateLimited) as caught:
            await workbench.connect_by_proxy().probe()
        assert caught.value.retry_after is not None
        assert 3000 < caught.value.retry_after <= 3600

    async def test_wrong_credentials(self, workbench: Workbench) -> None:
        """Where they come from is told; what they are is not, even where the server repeats them."""
        if workbench.subject.secret is None:
            pytest.skip("this server asks for nothing")
        with pytest.raises(Unauthorized, match="env:CONTRACT_SECRET") as caught:
            await workbench.connect(secret=MISTYPED).probe()
        assert MISTYPED not in _told(caught.value)
        with workbench.proxy.spoiling(Fault(401, body=orjson.dumps({"you sent": MISTYPED}))):
            with pytest.raises(Unauthorized) as caught:
                await workbench.connect(workbench.proxy.url, secret=MISTYPED).probe()
            assert MISTYPED not in _told(caught.value)

    async def test_an_unknown_state(self, workbench: Workbench, begun: Begun) -> None:
        """As a later version may bring: it is shown as it is called, and nothing breaks."""
        run = await workbench.ended(begun["quick"])
        adapter = await _greeted(workbench)
        with workbench.proxy.sending(workbench.subject.state_field, '"LEVITATING"'):
            found = await adapter.run(run.ref)
            read = runs_in(await workbench.read(adapter))
        assert found.state is RunState.UNKNOWN
        assert "LEVITATING" in found.native_state.upper()
        assert read[run.external_id].state is RunState.UNKNOWN

    async def test_odd_times(self, workbench: Workbench, begun: Begun) -> None:
        """Seven digits, offsets, none, nothing."""
        run = await workbench.ended(begun["quick"])
        adapter = await _greeted(workbench)
        for odd in workbench.subject.times:
            with workbench.proxy.sending(workbench.subject.start_field, odd.sent):
                assert (await adapter.run(run.ref)).started_at == odd.means, odd.sent

    @pytest.mark.parametrize("body", [None, 7, "text", [None], {"unheard": "of"}], ids=repr)
    async def test_a_pushed_message_that_says_nothing(self, workbench: Workbench, body: Any) -> None:
        """It is refused, so that its sender sees that something is wrong."""
        with pytest.raises(Rejected):
            workbench.adapter.webhook({}, body)


async def _greeted(workbench: Workbench) -> Adapter:
    adapter = workbench.connect_by_proxy()
    await adapter.probe()
    return adapter


def _told(error: BaseException) -> str:
    return "".join(traceback.format_exception(error)) + repr(error)
