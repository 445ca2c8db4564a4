"""Checks of data that failed, as OpenLineage events tell of them."""

from collections.abc import Collection, Mapping, Sequence
from datetime import timedelta
from typing import Any

from gateway.alerts.relation import labelled
from gateway.domain.incidents import Fact, Severity, SignalKind, Subjects
from gateway.store.columns import EPOCH
from gateway.store.database import ReadSession
from gateway.store.repository import lineage_state
from lineage.openlineage.members import items, part
from lineage.openlineage.state import TERMINAL, Run, Use, identity, visible
from lineage.rows import run_of

FACET = "dataQualityAssertions"
#: Jobs read at once when everything is read, and names of checks that are told.
PORTION, MOST_NAMED = 1_000, 3


async def failed_checks(
    session: ReadSession, job_ids: Collection[int] | None
) -> tuple[set[int], dict[int, list[Fact]]]:
    """(jobs whose last run has ended, what failed in it, by job); None: of all jobs.

    While a run goes on nothing is known of it: what was known before holds.
    """
    looked_at: set[int] = set()
    found: dict[int, list[Fact]] = {}
    if job_ids is not None:
        await _look(session, list((await lineage_state.jobs(session, job_ids)).values()), looked_at, found)
    else:
        async for rows in lineage_state.every_job(session, PORTION):
            await _look(session, rows, looked_at, found)
    return looked_at, found


async def _look(session: ReadSession, jobs: Sequence[Any], looked_at: set[int], found: dict[int, list[Fact]]) -> None:
    latest = await lineage_state.runs(session, {job.latest_run_id for job in jobs if job.latest_run_id is not None})
    wrong: list[tuple[Any, Run, int, Sequence[Mapping[str, Any]]]] = []
    for job in jobs:
        row = latest.get(job.latest_run_id)
        if row is None or row.state not in TERMINAL:
            continue
        looked_at.add(job.id)
        run = run_of(row)
        for name, use in (*run.inputs.items(), *run.outputs.items()):
            checks = _failed(use)
            if checks:
                wrong.append((job, run, name, checks))
    names = await lineage_state.names(session, {name for _, _, name, _ in wrong})
    for job, run, name, checks in wrong:
        if name in names:
            found.setdefault(job.id, []).append(_fact(job, run, names[name], checks))


def _failed(use: Use) -> list[Mapping[str, Any]]:
    """Both places in which integrations tell of them; some tell in both."""
    told = [
        *items(part(visible(use.side), FACET), "assertions"),
        *items(part(visible(use.facets), FACET), "assertions"),
    ]
    failed = {_name(one): one for one in told if one.get("success") is False}
    return [failed[name] for name in sorted(failed)]


def _fact(job: Any, run: Run, name: Any, checks: Sequence[Mapping[str, Any]]) -> Fact:
    kind = SignalKind.DATA_QUALITY_FAILED
    is_mild = all(str(one.get("severity", "")).lower() in ("warn", "warning") for one in checks)
    severity = Severity.WARNING if is_mild else kind.severity
    named = ", ".join(_name(one) for one in checks[:MOST_NAMED])
    more = f" and {len(checks) - MOST_NAMED} more" if len(checks) > MOST_NAMED else ""
    since = EPOCH + timedelta(microseconds=run.ended or run.last)
    told = labelled(
        {
            "signal": kind.lower(),
            "severity": severity.lower(),
            "dataset": name.name,
            "dataset_namespace": name.namespace,
            "job": job.name,
        }
    )
    subject = identity("checks", str(job.id), str(name.id))
    message = f"{name.name} failed its checks: {named}{more}"
    return Fact(kind, subject, Subjects(dataset_id=name.id), since, message, severity, told)


def _name(check: Mapping[str, Any]) -> str:
    """As people know it."""
    column = f" of {check['column']}" if check.get("column") else ""
    return str(check.get("name") or f"{check.get('assertion', 'a check')}{column}")
