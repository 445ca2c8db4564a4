"""What a text leads to: names that hold all of its words, the best match first."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Row, func, select

from gateway.store.alert_tables import incidents
from gateway.store.coordination_tables import dependencies
from gateway.store.database import ReadSession
from gateway.store.lineage_tables import lineage_jobs, lineage_names
from gateway.store.repository.run_filters import MANY_RUNS, has_id
from gateway.store.sla_tables import slas
from gateway.store.tables import orchestrators, pipelines, runs, tasks

Words = Sequence[str]


async def pipeline_ids(session: ReadSession, words: Words, limit: int) -> list[int]:
    """Listed ones; a word may also be of the orchestrator's name."""
    where = func.lower(orchestrators.c.name)
    statement = (
        select(pipelines.c.id)
        .join(orchestrators, orchestrators.c.id == pipelines.c.orchestrator_id)
        .where(
            pipelines.c.is_active.is_(True),
            orchestrators.c.removed_at.is_(None),
            *(pipelines.c.search.contains(word, autoescape=True) | _holds(where, word) for word in words),
        )
        .order_by(*_rank(session, func.lower(pipelines.c.key), words), pipelines.c.id)
    )
    return _ids(await session.all(statement.limit(limit)))


async def tasks_of_pipelines(session: ReadSession, words: Words, limit: int) -> Sequence[Row[Any]]:
    """Tasks of listed pipelines, as they are stored; a word may also be of the pipeline's name."""
    name = func.lower(tasks.c.name)
    held = [_holds(name, word) | _holds(func.lower(tasks.c.key), word) for word in words]
    statement = (
        select(tasks)
        .join(pipelines, pipelines.c.id == tasks.c.pipeline_id)
        .where(
            pipelines.c.is_active.is_(True),
            # All words of a pipeline's name would be all of its tasks.
            _any(held),
            *(one | pipelines.c.search.contains(word, autoescape=True) for one, word in zip(held, words, strict=True)),
        )
        .order_by(*_rank(session, name, words), tasks.c.pipeline_id, tasks.c.key)
    )
    return await session.all(statement.limit(limit))


async def run_ids(session: ReadSession, text: str, limit: int) -> list[int]:
    """By the orchestrator's own identifier: equal ones first, then those that begin with it, then the newest."""
    holds = has_id(runs.c.external_id, text, session.dialect)
    # The names alone, as an index has them: that takes a fraction of going through a million rows.
    named = select(runs.c.id).where(holds)
    found = _ids(await session.all(named.limit(MANY_RUNS)))
    low = func.lower(runs.c.external_id)
    newest = (runs.c.sort_at.desc(), runs.c.id.desc())
    if len(found) == MANY_RUNS:  # such a text says so little that the newest of them are as good as any
        holding = select(runs.c.id).where(holds).order_by(*newest)
        return _ids(await session.all(holding.limit(limit)))
    ranked = (
        select(runs.c.id).where(runs.c.id.in_(found)).order_by(low != text, _place(session, low, text) > 1, *newest)
    )
    return _ids(await session.all(ranked.limit(limit)))


async def dataset_ids(session: ReadSession, words: Words, limit: int) -> list[int]:
    """By any of their names, the namespace included."""
    name = func.lower(lineage_names.c.name)
    low = func.lower(lineage_names.c.namespace) + "/" + name
    statement = (
        select(lineage_names.c.dataset_id.label("id"))
        .where(_any(_all(name, words)), *_all(low, words))
        .order_by(*_rank(session, name, words), lineage_names.c.dataset_id)
    )
    # A dataset has few names.
    return list(dict.fromkeys(_ids(await session.all(statement.limit(limit * 4)))))[:limit]


async def job_ids(session: ReadSession, words: Words, limit: int) -> list[int]:
    """Of lineage, whether or not they are a pipeline's."""
    name = func.lower(lineage_jobs.c.name)
    statement = select(lineage_jobs.c.id).where(*_all(name, words)).order_by(*_rank(session, name, words))
    return _ids(await session.all(statement.limit(limit)))


async def sla_ids(session: ReadSession, words: Words, limit: int) -> list[int]:
    """Of those that are defined now."""
    name = func.lower(slas.c.name)
    statement = select(slas.c.id).where(slas.c.removed_at.is_(None), *_all(name, words))
    return _ids(await session.all(statement.order_by(*_rank(session, name, words)).limit(limit)))


async def dependency_ids(session: ReadSession, words: Words, limit: int) -> list[int]:
    """Of those that are defined now; a word may also be of what they start."""
    name = func.lower(dependencies.c.name)
    low = name + " " + func.lower(dependencies.c.target)
    statement = select(dependencies.c.id).where(dependencies.c.removed_at.is_(None), *_all(low, words))
    return _ids(await session.all(statement.order_by(*_rank(session, name, words)).limit(limit)))


async def incident_ids(session: ReadSession, words: Words, limit: int) -> list[int]:
    """By what they say: those that are not over first, then the last opened first."""
    statement = (
        select(incidents.c.id)
        .where(incidents.c.merged_into.is_(None), *_all(func.lower(incidents.c.title), words))
        .order_by(incidents.c.resolved_at.is_not(None), incidents.c.opened_at.desc(), incidents.c.id.desc())
    )
    return _ids(await session.all(statement.limit(limit)))


def _holds(column: ColumnElement[str], word: str) -> ColumnElement[bool]:
    return column.contains(word, autoescape=True)


def _all(column: ColumnElement[str], words: Words) -> list[ColumnElement[bool]]:
    return [_holds(column, word) for word in words]


def _any(conditions: Sequence[ColumnElement[bool]]) -> ColumnElement[bool]:
    found = conditions[0]
    for one in conditions[1:]:
        found |= one
    return found


def _place(session: ReadSession, column: ColumnElement[str], text: str) -> ColumnElement[int]:
    """Where it begins, from 1; 0: not in it."""
    return func.instr(column, text) if session.dialect == "sqlite" else func.strpos(column, text)


def _rank(session: ReadSession, name: ColumnElement[str], words: Words) -> list[ColumnElement[Any]]:
    """Equal names first, then those that begin with it, then the shorter."""
    text = " ".join(words)
    place = _place(session, name, words[0])
    return [name != text, place == 0, place, func.length(name), name]


def _ids(rows: Sequence[Row[Any]]) -> list[int]:
    return [row.id for row in rows]
