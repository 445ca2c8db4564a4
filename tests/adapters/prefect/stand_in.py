"""A small Prefect over real HTTP: flow runs and events in memory, with the real filters, sorts and delays.

Ties are answered in random order and events show up late, as Prefect's database does both.
"""

import asyncio
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol
from uuid import UUID

import orjson

START = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
FLOW = str(UUID(int=1))
TERMINAL = ("COMPLETED", "FAILED", "CRASHED", "CANCELLED")


def text(instant: datetime) -> str:
    """As Prefect writes it."""
    return instant.isoformat(timespec="microseconds").replace("+00:00", "Z")


@dataclass
class StandIn:
    """The state of the server; ``before_request`` lets a test change it between any two requests."""

    now: datetime = START
    has_events: bool = True
    runs: dict[str, dict[str, Any]] = field(default_factory=dict)
    events: list[dict[str, Any]] = field(default_factory=list)
    before_request: Callable[[str], None] = lambda _path: None
    requests: int = 0
    dice: random.Random = field(default_factory=random.Random)

    def clear(self) -> None:
        """As new."""
        self.__init__(dice=self.dice)

    def create(self, planned_in: float = 0.0) -> str:
        """A run that is due in so many seconds."""
        run_id = str(UUID(int=self.dice.getrandbits(128), version=4))
        planned = text(self.now + timedelta(seconds=planned_in))
        self.runs[run_id] = {
            "id": run_id,
            "flow_id": FLOW,
            "run_count": 0,
            "expected_start_time": planned,
            "next_scheduled_start_time": planned,
            "end_time": None,
        }
        self._set(run_id, "SCHEDULED", "Scheduled")
        return run_id

    def put_forward(self, run_id: str) -> None:
        """A planned run is to start now; when it was expected stays as it was."""
        self.runs[run_id]["next_scheduled_start_time"] = text(self.now)
        self._set(run_id, "SCHEDULED", "Scheduled")

    def move(self, run_id: str, state_type: str, name: str | None = None) -> None:
        """Set a state as Prefect does: an end is kept until the run is taken up again."""
        run = self.runs[run_id]
        at = self._stamp(run_id)
        was_terminal = run["state_type"] in TERMINAL
        if state_type in TERMINAL and run["end_time"] is None:
            run["end_time"] = at
        if was_terminal and state_type not in TERMINAL:
            run["end_time"] = None
        if state_type == "RUNNING":
            run["run_count"] += 1
            run["next_scheduled_start_time"] = None
        self._set(run_id, state_type, name or state_type.capitalize(), at)

    def _stamp(self, run_id: str) -> str:
        """A change carries the instant at which its transaction began."""
        began = text(self.now - timedelta(seconds=self.dice.choice((0, 0, 0, 2, 10))))
        return max(began, self.runs[run_id]["state"]["timestamp"])

    def _set(self, run_id: str, state_type: str, name: str, at: str | None = None) -> None:
        at = at or text(self.now)
        self.runs[run_id] |= {
            "state_type": state_type,
            "state_name": name,
            "state": {"type": state_type, "name": name, "timestamp": at},
        }
        self.events.append(
            {
                "id": str(len(self.events)),
                "event": f"prefect.flow-run.{name}",
                "occurred": at,
                "visible": self.now + timedelta(seconds=self.dice.uniform(0, 6)),
                "resource": {"prefect.resource.id": f"prefect.flow-run.{run_id}"},
            }
        )

    def answer(self, method: str, path: str, body: Any) -> tuple[int, Any]:
        """Status and JSON."""
        self.requests += 1
        self.before_request(path)
        if path == "/api/flow_runs/filter":
            return 200, self._filter(body)
        if path == "/api/flows/filter":
            return 200, [{"id": FLOW, "name": "made-up"}]
        if path == "/api/events/filter" and self.has_events:
            return 200, self._events(body["filter"], 0, body["limit"])
        if path.startswith("/api/events/filter/next") and self.has_events:
            where, offset, limit = orjson.loads(bytes.fromhex(path.split("page-token=")[1]))
            return 200, self._events(where, offset, limit)
        return 404, {"detail": "Not Found"}

    def _filter(self, body: Any) -> list[dict[str, Any]]:
        where = body["flow_runs"]
        rows = [run for run in self.runs.values() if _passes(run, where)]
        self.dice.shuffle(rows)
        by = body["sort"].removesuffix("_DESC").lower()
        rows.sort(key=lambda run: run[by], reverse=True)
        return rows[body["offset"] :][: body["limit"]]

    def _events(self, where: Any, offset: int, limit: int) -> Any:
        since = datetime.fromisoformat(where["occurred"]["since"])
        names = where["event"]["exclude_name"]
        found = [
            event
            for event in self.events
            if event["visible"] <= self.now
            and event["event"] not in names
            and datetime.fromisoformat(event["occurred"]) >= since
        ]
        found.sort(key=lambda event: datetime.fromisoformat(event["occurred"]))
        token = orjson.dumps([where, offset + limit, limit]).hex()
        more = f"http://unreachable.invalid/api/events/filter/next?page-token={token}"
        page = [{name: event[name] for name in event if name != "visible"} for event in found[offset:][:limit]]
        return {"events": page, "total": len(found), "next_page": more if len(found) > offset + limit else None}


def _passes(run: dict[str, Any], where: Any) -> bool:
    if "id" in where and run["id"] not in where["id"]["any_"]:
        return False
    state = where.get("state", {})
    if "type" in state and run["state_type"] not in state["type"]["any_"]:
        return False
    if "name" in state and run["state_name"] in state["name"]["not_any_"]:
        return False
    return all(_within(run[name], where[name]) for name in ("expected_start_time", "end_time") if name in where)


def _within(value: str | None, window: Any) -> bool:
    if value is None:
        return False
    instant = datetime.fromisoformat(value)
    after, before = window.get("after_"), window.get("before_")
    return (after is None or instant >= datetime.fromisoformat(after)) and (
        before is None or instant <= datetime.fromisoformat(before)
    )


class Answers(Protocol):
    """Whatever can be served."""

    def answer(self, method: str, path: str, body: Any) -> tuple[int, Any]:
        """Status and JSON."""
        ...


class Served:
    """A stand-in behind a port of its own."""

    def __init__(self, prefect: Answers) -> None:
        self.prefect = prefect
        #: Sent instead of the next answers, byte for byte, each followed by the end of the connection.
        self.instead: list[bytes] = []
        self._server: asyncio.Server | None = None
        self._connections: set[asyncio.StreamWriter] = set()

    async def start(self) -> str:
        """The address it answers at."""
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        return f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"

    async def stop(self) -> None:
        """Answer no more."""
        if self._server:
            self._server.close()
        for connection in self._connections:
            connection.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._connections.add(writer)
        try:
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).decode()
                method, path, _ = head.split(" ", 2)
                length = next((line for line in head.split("\r\n") if line.lower().startswith("content-length")), ":0")
                content = await reader.readexactly(int(length.split(":")[1]))
                if self.instead:
                    writer.write(self.instead.pop(0))
                    return
                status, answer = self.prefect.answer(method, path, orjson.loads(content) if content else None)
                body = orjson.dumps(answer)
                writer.write(
                    f"HTTP/1.1 {status} X\r\ncontent-type: application/json\r\n"
                    f"content-length: {len(body)}\r\n\r\n".encode()
                    + body
                )
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            self._connections.discard(writer)
            writer.close()
