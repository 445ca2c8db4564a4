"""What is, or was, wrong, each within its incident."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, func, select, update

from gateway.domain.incidents import Fact, Severity, Signal, SignalKind, Subjects
from gateway.store.alert_tables import signals
from gateway.store.database import ReadSession, WriteSession

#: Keys asked for in one statement: databases take so many parameters.
PORTION = 500


async def of_incidents(session: ReadSession, incident_ids: Collection[int]) -> dict[int, list[Signal]]:
    """By incident, the first that began first."""
    found: dict[int, list[Signal]] = {}
    for wanted in _portions(sorted(incident_ids)):
        statement = select(signals).where(signals.c.incident_id.in_(wanted)).order_by(signals.c.began_at, signals.c.id)
        for row in await session.all(statement):
            found.setdefault(row.incident_id, []).append(_record(row))
    return found


async def id_of(session: ReadSession, incident_id: int, key: str) -> int | None:
    """The one of a key in an incident."""
    return await session.scalar(select(signals.c.id).where(signals.c.incident_id == incident_id, signals.c.key == key))


async def begin(session: WriteSession, incident_id: int, facts: Sequence[Fact], now: datetime) -> Sequence[Signal]:
    """Facts become signals of an incident, which are returned, in any order.

    One that it has already begins once more, or goes on for a newer reason.
    """
    if not facts:
        return ()
    insert = session.upsert(signals)
    newer = {name: insert.excluded[name] for name in ("message", "labels", "severity", "run_id", "noted_at")}
    statement = insert.on_conflict_do_update(
        index_elements=["incident_id", "key"],
        set_={**newer, "ended_at": None, "times": signals.c.times + 1},
    )
    rows = await session.execute(statement.returning(signals), [_values(incident_id, one, now) for one in facts])
    return [_record(row) for row in rows]


async def end(session: WriteSession, signal_ids: Sequence[int], now: datetime) -> None:
    """They hold no more."""
    for wanted in _portions(signal_ids):
        await session.execute(update(signals).where(signals.c.id.in_(wanted)).values(ended_at=now))


async def move(session: WriteSession, incident_id: int, signal_ids: Sequence[int]) -> None:
    """Signals turn out to be of another incident, which has none of their keys."""
    for wanted in _portions(signal_ids):
        await session.execute(update(signals).where(signals.c.id.in_(wanted)).values(incident_id=incident_id))


async def dismiss(session: WriteSession, incident_id: int, now: datetime) -> None:
    """A person says that what an incident tells of is done with."""
    held = (signals.c.incident_id == incident_id, signals.c.ended_at.is_(None))
    await session.execute(update(signals).where(*held).values(ended_at=now, dismissed_at=now))


async def dismissed(session: ReadSession, keys: Collection[str]) -> Mapping[str, datetime]:
    """Until when facts are done with, by key."""
    found: dict[str, datetime] = {}
    for wanted in _portions(sorted(keys)):
        statement = (
            select(signals.c.key, func.max(signals.c.dismissed_at).label("at"))
            .where(signals.c.key.in_(wanted), signals.c.dismissed_at.is_not(None))
            .group_by(signals.c.key)
        )
        found |= {row.key: row.at for row in await session.all(statement)}
    return found


def _portions(items: Sequence[Any]) -> Iterator[Sequence[Any]]:
    for start in range(0, len(items), PORTION):
        yield items[start : start + PORTION]


def _values(incident_id: int, fact: Fact, now: datetime) -> dict[str, Any]:
    return {
        "incident_id": incident_id,
        "key": fact.key,
        "kind": fact.kind,
        "severity": fact.severity,
        "orchestrator_id": fact.about.orchestrator_id,
        "pipeline_id": fact.about.pipeline_id,
        "run_id": fact.about.run_id,
        "dataset_id": fact.about.dataset_id,
        "sla_id": fact.about.sla_id,
        "dependency_id": fact.about.dependency_id,
        "message": fact.message,
        "labels": dict(fact.labels),
        "began_at": fact.began_at,
        "noted_at": now,
        "times": 1,
    }


def _record(row: Row[Any]) -> Signal:
    about = Subjects(row.orchestrator_id, row.pipeline_id, row.run_id, row.dataset_id, row.sla_id, row.dependency_id)
    return Signal(
        id=row.id,
        incident_id=row.incident_id,
        key=row.key,
        kind=SignalKind(row.kind),
        about=about,
        began_at=row.began_at,
        ended_at=row.ended_at,
        message=row.message,
        severity=Severity(row.severity),
        labels=row.labels,
        times=row.times,
    )
