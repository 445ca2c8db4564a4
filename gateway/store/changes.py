"""Tells whoever listens which rows have changed, after the change is durable.

On PostgreSQL the news travels by NOTIFY inside the writing transaction, so every replica hears of every commit and of
nothing that was rolled back. On SQLite there is one process, and the commit itself tells the listeners.
"""

import asyncio
from collections.abc import Generator, Iterable
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum

import orjson

CHANNEL = "podium_changes"
#: A NOTIFY payload is limited to 8,000 bytes; this many ids stay below.
IDS_PER_MESSAGE = 300
#: A listener that falls this far behind is told to read everything anew instead of being fed a backlog.
BACKLOG = 10_000


class Subject(StrEnum):
    """What has changed."""

    RUN = "run"
    PIPELINE = "pipeline"
    ORCHESTRATOR = "orchestrator"
    #: What its checks found.
    ASSET = "asset"
    LINEAGE_JOB = "lineage_job"
    LINEAGE_NAME = "lineage_name"
    DEPENDENCY = "dependency"
    FIRING = "firing"
    WRITTEN_DATASET = "written_dataset"
    SLA = "sla"
    SLA_EVALUATION = "sla_evaluation"
    SLA_ACTION = "sla_action"
    FORECAST = "forecast"
    INCIDENT = "incident"
    NOTIFICATION = "notification"
    ALERTING = "alerting"


@dataclass(frozen=True, slots=True)
class Change:
    """One changed row."""

    subject: Subject
    id: int


class Listener:
    """A queue of changes. ``overflowed`` turns True once some were dropped."""

    def __init__(self, subjects: frozenset[Subject]) -> None:
        self._subjects = subjects
        self._queue: asyncio.Queue[Change] = asyncio.Queue(BACKLOG)
        self.overflowed = False

    def offer(self, change: Change) -> None:
        """Take note of a change without ever blocking the writer."""
        if change.subject not in self._subjects:
            return
        try:
            self._queue.put_nowait(change)
        except asyncio.QueueFull:
            self.overflowed = True

    async def batch(self, patience: float) -> list[Change]:
        """What has come in since the last call, at once where there is something; empty after ``patience`` seconds."""
        try:
            async with asyncio.timeout(patience):
                found = [await self._queue.get()]
        except TimeoutError:
            return []
        while not self._queue.empty():
            found.append(self._queue.get_nowait())
        return list(dict.fromkeys(found))

    async def gathered(self, patience: float, gather: float) -> list[Change]:
        """As ``batch``, with what comes within ``gather`` seconds after the first."""
        found = await self.batch(patience)
        if found:
            await asyncio.sleep(gather)
            found += await self.batch(0)
        return found


class ChangeFeed:
    """Fans changes out to this process's listeners."""

    def __init__(self) -> None:
        self._listeners: set[Listener] = set()

    def open(self, *subjects: Subject) -> Listener:
        """A listener that hears of ``subjects`` from now until it is closed."""
        listener = Listener(frozenset(subjects))
        self._listeners.add(listener)
        return listener

    def close(self, listener: Listener) -> None:
        """Tell it nothing more; a second time changes nothing."""
        self._listeners.discard(listener)

    @contextmanager
    def listen(self, *subjects: Subject) -> Generator[Listener]:
        """A listener that hears of ``subjects`` from now until the block ends."""
        listener = self.open(*subjects)
        try:
            yield listener
        finally:
            self.close(listener)

    def publish(self, changes: Iterable[Change]) -> None:
        """Tell every listener."""
        for change in changes:
            for listener in self._listeners:
                listener.offer(change)

    def overflow(self) -> None:
        """Tell every listener that something may have been missed."""
        for listener in self._listeners:
            listener.overflowed = True

    def publish_message(self, payload: str) -> None:
        """Tell every listener what a NOTIFY brought."""
        subject, ids = orjson.loads(payload)
        self.publish(Change(Subject(subject), identity) for identity in ids)


def messages(changes: Iterable[Change]) -> list[str]:
    """Changes as NOTIFY payloads."""
    by_subject: dict[Subject, list[int]] = {}
    for change in changes:
        by_subject.setdefault(change.subject, []).append(change.id)
    return [
        orjson.dumps([subject, ids[start : start + IDS_PER_MESSAGE]]).decode()
        for subject, ids in by_subject.items()
        for start in range(0, len(ids), IDS_PER_MESSAGE)
    ]
