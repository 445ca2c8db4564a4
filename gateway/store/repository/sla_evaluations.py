"""How SLAs were judged, key by key."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Row,
    Select,
    and_,
    bindparam,
    case,
    delete,
    exists,
    func,
    or_,
    select,
    tuple_,
    update,
)

from gateway.domain.slas import Evaluation, Forecast, PathStep, Reason, SlaState, Verdict
from gateway.domain.tallies import Tally
from gateway.store.changes import Subject
from gateway.store.database import ReadSession, WriteSession
from gateway.store.dialect import stretch
from gateway.store.sla_tables import sla_evaluations, sla_steps, slas

#: SLAs asked for in one statement: databases take so many parameters.
PORTION = 500


@dataclass(frozen=True, slots=True)
class Judged:
    """A verdict to be written: of an SLA and a key, and what was known of it."""

    sla_id: int
    key: str
    opens_at: datetime
    verdict: Verdict
    known: Evaluation | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """One step in an evaluation's history."""

    at: datetime
    state: SlaState
    reason: Reason


async def unsettled(session: ReadSession, sla_ids: Sequence[int]) -> dict[int, list[Evaluation]]:
    """Of each SLA, what is not final and what was opened last, oldest first."""
    found: dict[int, list[Evaluation]] = {}
    for start in range(0, len(sla_ids), PORTION):
        wanted = list(sla_ids[start : start + PORTION])
        later = sla_evaluations.alias("later")
        is_last = ~exists(
            select(later.c.id).where(
                later.c.sla_id == sla_evaluations.c.sla_id,
                tuple_(later.c.opens_at, later.c.id) > tuple_(sla_evaluations.c.opens_at, sla_evaluations.c.id),
            )
        )
        statement = (
            select(sla_evaluations)
            .where(sla_evaluations.c.sla_id.in_(wanted), or_(sla_evaluations.c.is_final.is_(False), is_last))
            .order_by(sla_evaluations.c.opens_at, sla_evaluations.c.id)
        )
        for row in await session.all(statement):
            found.setdefault(row.sla_id, []).append(_record(row))
    return found


async def final_keys(session: ReadSession, sla_ids: Collection[int], since: datetime) -> set[tuple[int, str]]:
    """(SLA, key) of what is final and was opened from then on."""
    columns = sla_evaluations.c
    statement = select(columns.sla_id, columns.key).where(
        columns.sla_id.in_(list(sla_ids)), columns.opens_at >= since, columns.is_final.is_(True)
    )
    return {(row.sla_id, row.key) for row in await session.all(statement)}


async def save(session: WriteSession, judged: Sequence[Judged], now: datetime) -> list[Evaluation]:
    """Write verdicts down, each once for its SLA and key; returns in order how these stand then."""
    if not judged:
        return []
    insert = session.upsert(sla_evaluations)
    rows = [_values(one, now) for one in judged]
    kept = {"sla_id", "key", "opens_at"}
    # What is final stays as it is: another replica may have been quicker.
    statement = insert.on_conflict_do_update(
        index_elements=["sla_id", "key"],
        set_={name: insert.excluded[name] for name in rows[0] if name not in kept},
        where=sla_evaluations.c.is_final.is_(False),
    )
    await session.execute(statement, rows)
    ids = await _ids(session, judged)
    steps = [
        {"evaluation_id": ids[one.sla_id, one.key], "at": now, "state": one.verdict.state, "reason": one.verdict.reason}
        for one in judged
        if one.known is None or (one.known.state, one.known.reason) != (one.verdict.state, one.verdict.reason)
    ]
    if steps:
        await session.execute(session.upsert(sla_steps), steps)
    await _set_current(session, {one.sla_id for one in judged if _stands_otherwise(one)})
    session.changed(Subject.SLA_EVALUATION, *(ids[one.sla_id, one.key] for one in judged))
    return [_as_written(one, ids[one.sla_id, one.key], now) for one in judged]


async def drop(session: WriteSession, evaluation_ids: Collection[int]) -> None:
    """Forget what will not be judged after all."""
    if evaluation_ids:
        gone = delete(sla_evaluations).where(sla_evaluations.c.id.in_(list(evaluation_ids)))
        rows = await session.execute(gone.returning(sla_evaluations.c.sla_id))
        await _set_current(session, {row.sla_id for row in rows})


async def by_ids(session: ReadSession, ids: Collection[int]) -> dict[int, Evaluation]:
    """Evaluations by id."""
    rows = await session.all(select(sla_evaluations).where(sla_evaluations.c.id.in_(list(ids))))
    return {row.id: _record(row) for row in rows}


async def current(session: ReadSession, sla_ids: Collection[int]) -> dict[int, Evaluation]:
    """Of each SLA, what was opened last."""
    statement = (
        select(sla_evaluations)
        .join(slas, slas.c.current_id == sla_evaluations.c.id)
        .where(slas.c.id.in_(list(sla_ids)))
    )
    return {row.sla_id: _record(row) for row in await session.all(statement)}


async def page(
    session: ReadSession, sla_id: int, before: tuple[datetime, int] | None, limit: int
) -> Sequence[Evaluation]:
    """Those of an SLA, the last opened first; ``before``: where to go on."""
    place = (sla_evaluations.c.opens_at, sla_evaluations.c.id)
    statement = select(sla_evaluations).where(sla_evaluations.c.sla_id == sla_id)
    if before is not None:
        statement = statement.where(tuple_(*place) < before)
    statement = statement.order_by(*(column.desc() for column in place)).limit(limit)
    return [_record(row) for row in await session.all(statement)]


async def count(session: ReadSession, sla_id: int) -> int:
    """How many an SLA has."""
    of_sla = sla_evaluations.c.sla_id == sla_id
    return await session.scalar(select(func.count()).select_from(sla_evaluations).where(of_sla))


async def steps_of(session: ReadSession, evaluation_ids: Collection[int]) -> dict[int, list[Step]]:
    """Their histories, in order."""
    found: dict[int, list[Step]] = {}
    wanted = sla_steps.c.evaluation_id.in_(list(evaluation_ids))
    for row in await session.all(select(sla_steps).where(wanted).order_by(sla_steps.c.id)):
        found.setdefault(row.evaluation_id, []).append(Step(row.at, SlaState(row.state), Reason(row.reason)))
    return found


async def tallies(
    session: ReadSession, sla_ids: Collection[int] | None, since: datetime, until: datetime
) -> Mapping[int, Tally]:
    """What was kept, or came due and was not, in [since, until), by SLA; of all where none are named."""
    named = [] if sla_ids is None else [sla_evaluations.c.sla_id.in_(list(sla_ids))]
    rows = await session.all(_decided(since, until).where(*named))
    return _tallied((row.sla_id, row.state, row.amount) for row in rows)


async def tallies_by_step(
    session: ReadSession, since: datetime, until: datetime, step: timedelta
) -> Mapping[int, Mapping[int, Tally]]:
    """The same of all SLAs, by the number of the step that a window is cut into."""
    number = stretch(session.dialect, _decided_at(), since, step).label("step")
    rows = await session.all(_decided(since, until).add_columns(number).group_by("step"))
    found: dict[int, list[tuple[int, str, int]]] = {}
    for row in rows:
        found.setdefault(row.step, []).append((row.sla_id, row.state, row.amount))
    return {place: _tallied(counted) for place, counted in found.items()}


def _decided_at() -> ColumnElement[datetime]:
    columns = sla_evaluations.c
    return case((columns.completed_at < columns.due_at, columns.completed_at), else_=columns.due_at)


def _decided(since: datetime, until: datetime) -> Select[Any]:
    columns, at = sla_evaluations.c, _decided_at()
    return (
        select(columns.sla_id, columns.state, func.count().label("amount"))
        .where(columns.state.in_([SlaState.MET, SlaState.MISSED]), at >= since, at < until)
        .group_by(columns.sla_id, columns.state)
    )


def _tallied(rows: Iterable[tuple[int, str, int]]) -> Mapping[int, Tally]:
    counts: dict[int, dict[str, int]] = {}
    for sla_id, state, amount in rows:
        counts.setdefault(sla_id, {})[state] = amount
    return {
        identity: Tally(found.get(SlaState.MET, 0), found.get(SlaState.MISSED, 0)) for identity, found in counts.items()
    }


async def _ids(session: ReadSession, judged: Sequence[Judged]) -> dict[tuple[int, str], int]:
    known = {(one.sla_id, one.key): one.known.id for one in judged if one.known is not None}
    missing = sorted({one.sla_id for one in judged if one.known is None})
    for start in range(0, len(missing), PORTION):
        wanted = missing[start : start + PORTION]
        keys = {one.key for one in judged if one.known is None and one.sla_id in set(wanted)}
        statement = select(sla_evaluations.c.id, sla_evaluations.c.sla_id, sla_evaluations.c.key).where(
            sla_evaluations.c.sla_id.in_(wanted), sla_evaluations.c.key.in_(sorted(keys))
        )
        known |= {(row.sla_id, row.key): row.id for row in await session.all(statement)}
    return known


def _stands_otherwise(judged: Judged) -> bool:
    """Whether more than a forecast has changed."""
    known, verdict = judged.known, judged.verdict
    return known is None or (known.state, known.due_at) != (verdict.state, verdict.due_at)


async def _set_current(session: WriteSession, sla_ids: Iterable[int]) -> None:
    last = (
        select(sla_evaluations.c.id)
        .where(sla_evaluations.c.sla_id == bindparam("sla"))
        .order_by(sla_evaluations.c.opens_at.desc(), sla_evaluations.c.id.desc())
        .limit(1)
        .scalar_subquery()
    )
    rows = [{"sla": identity} for identity in sorted(sla_ids)]
    if not rows:
        return
    await session.execute(update(slas).where(slas.c.id == bindparam("sla")).values(current_id=last), rows)
    here = and_(sla_evaluations.c.id == slas.c.current_id, slas.c.id == bindparam("sla"))
    columns = {"current_state": sla_evaluations.c.state, "current_due_at": sla_evaluations.c.due_at}
    values = {name: select(column).where(here).scalar_subquery() for name, column in columns.items()}
    await session.execute(update(slas).where(slas.c.id == bindparam("sla")).values(values), rows)


def _as_written(judged: Judged, identity: int, now: datetime) -> Evaluation:
    verdict = judged.verdict
    return Evaluation(
        id=identity,
        sla_id=judged.sla_id,
        key=judged.key,
        state=verdict.state,
        reason=verdict.reason,
        opens_at=judged.opens_at,
        due_at=verdict.due_at,
        completed_at=verdict.completed_at,
        run_id=verdict.run_id,
        is_final=verdict.is_final,
        measured=verdict.measured,
        forecast=verdict.forecast,
        evaluated_at=now,
    )


def _values(judged: Judged, now: datetime) -> dict[str, Any]:
    verdict = judged.verdict
    forecast = verdict.forecast
    return {
        "sla_id": judged.sla_id,
        "key": judged.key,
        "opens_at": judged.opens_at,
        "state": verdict.state,
        "reason": verdict.reason,
        "due_at": verdict.due_at,
        "completed_at": verdict.completed_at,
        "run_id": verdict.run_id,
        "is_final": verdict.is_final,
        "measured": verdict.measured,
        "predicted_at": forecast.at if forecast else None,
        "predicted_low": forecast.low if forecast else None,
        "predicted_high": forecast.high if forecast else None,
        "breach_probability": forecast.breach_probability if forecast else None,
        "path": [_step(step) for step in forecast.path] if forecast else [],
        "evaluated_at": now,
    }


def _step(step: PathStep) -> list[Any]:
    stamps = [at.isoformat() if at else None for at in (step.expected_start, step.expected_end)]
    return [step.pipeline_id, step.run_id, *stamps]


def _path(stored: Sequence[Any]) -> tuple[PathStep, ...]:
    return tuple(PathStep(pipeline, run, _instant(start), _instant(end)) for pipeline, run, start, end in stored)


def _instant(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text).astimezone(UTC) if text else None


def _record(row: Row[Any]) -> Evaluation:
    forecast = None
    if row.breach_probability is not None:
        path = _path(row.path)
        forecast = Forecast(row.predicted_at, row.predicted_low, row.predicted_high, row.breach_probability, path)
    return Evaluation(
        id=row.id,
        sla_id=row.sla_id,
        key=row.key,
        state=SlaState(row.state),
        reason=Reason(row.reason),
        opens_at=row.opens_at,
        due_at=row.due_at,
        completed_at=row.completed_at,
        run_id=row.run_id,
        is_final=row.is_final,
        measured=row.measured,
        forecast=forecast,
        evaluated_at=row.evaluated_at,
    )
