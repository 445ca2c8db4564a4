"""Checks of data that failed, as OpenLineage events tell of them."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import timedelta
from typing import Any

from gateway.alerts.detect.checks import Failed, fact_of
from gateway.domain.incidents import Fact, Severity, SignalKind, Subjects
from gateway.store.columns import EPOCH
from gateway.store.database import ReadSession
from gateway.store.repository import lineage_state
from lineage.openlineage.members import items, part
from lineage.openlineage.state import TERMINAL, Run, Use, identity, job_id, visible
from lineage.rows import run_of

FACET = "dataQualityAssertions"
#: Facets of runs: dbt's own, and where dagster-openlineage tells how bad a check is.
DBT, DAGSTER = "dbt_run", "dagster_asset_check"
#: Jobs read at once when everything is read.
PORTION = 1_000
#: Runs that are gone back through for one in which a check was evaluated: dbt may be told to run some of them only. A
#: check of which no more is heard in so many is gone.
LAST_RUNS = 5
#: dbt's jobs for the tests of one model, by command: what fails in the one may pass in the other.
_COMMANDS = {".build.test": ".test", ".test": ".build.test"}


async def failed_checks(session: ReadSession, ids: Collection[int] | None) -> tuple[set[int], dict[int, list[Fact]]]:
    """(jobs that were looked at, each check that failed there, by job); ``ids`` None: all jobs.

    Else of one whose last run goes on nothing new is known: what was known before holds.
    """
    looked_at: set[int] = set()
    found: dict[int, list[Fact]] = {}
    if ids is None:
        async for rows in lineage_state.every_job(session, PORTION):
            await _look(session, rows, looked_at, found, is_news=False)
    else:
        await _look(session, list((await lineage_state.jobs(session, ids)).values()), looked_at, found)
    return looked_at, found


async def _look(
    session: ReadSession,
    jobs: Sequence[Any],
    looked_at: set[int],
    found: dict[int, list[Fact]],
    *,
    is_news: bool = True,
) -> None:
    """At the checks of some jobs: each as it was evaluated last, by the job or the one that stands for it."""
    latest = await lineage_state.runs(session, {job.latest_run_id for job in jobs if job.latest_run_id is not None})
    begun = [job for job in jobs if job.latest_run_id in latest]
    concerned = [job for job in begun if not is_news or latest[job.latest_run_id].state in TERMINAL]
    looked_at.update(job.id for job in concerned)
    checking = [job for job in concerned if _may_check(latest[job.latest_run_id])]
    groups = {min(group): group for group in map(_alike, checking)}
    known = await lineage_state.jobs(session, set[int]().union(*groups.values()))
    looked_at.update(known)
    past: dict[int, list[Run]] = {}
    for row in await lineage_state.ended_runs(session, known, LAST_RUNS):
        past.setdefault(row.job_id, []).append(run_of(row))
    wrong = [
        (first, known[job], name, checks)
        for first, group in groups.items()
        for name, (job, checks) in _failing(run for one in group for run in past.get(one, ())).items()
    ]
    names = await lineage_state.names(session, {name for _, _, name, _ in wrong})
    for first, job, name, checks in wrong:
        if name in names:
            facts = [_fact(first, job, names[name], one) for one in checks]
            found.setdefault(first if first in known else job.id, []).extend(facts)


def _may_check(row: Any) -> bool:
    """What is complete and tells of no checks has none; what goes on or broke off may have had some."""
    run = run_of(row)
    return run.state != "COMPLETE" or any(_told(use) for use in (*run.inputs.values(), *run.outputs.values()))


def _alike(job: Any) -> frozenset[int]:
    """The job, and the one that makes the same checks by another command, by their ids."""
    for end, other in _COMMANDS.items():
        if job.name.endswith(end):
            return frozenset({job.id, job_id(job.namespace, job.name.removesuffix(end) + other)})
    return frozenset({job.id})


def _failing(runs: Iterable[Run]) -> dict[int, tuple[int, list[Failed]]]:
    """(a job that evaluated them, checks that did not pass when they were evaluated last) by the dataset's name."""
    last: dict[tuple[int, str], tuple[Run, Mapping[str, Any]]] = {}
    for run in sorted(runs, key=_ended, reverse=True):
        for name, check in _evaluated(run):
            last.setdefault((name, _name(check)), (run, check))
    found: dict[int, tuple[int, list[Failed]]] = {}
    for (name, called), (run, check) in sorted(last.items(), key=lambda one: one[0]):
        if check.get("success") is False:
            at = EPOCH + timedelta(microseconds=_ended(run))
            found.setdefault(name, (run.job, []))[1].append(Failed(called, _severity(run, check), at))
    return found


def _evaluated(run: Run) -> Iterator[tuple[int, Mapping[str, Any]]]:
    """(dataset's name, check) of all that were made in a run; some emitters tell of those too that were not."""
    if run.state == "ABORT":
        return
    is_dbt = DBT in visible(run.facets)
    for name, use in (*run.inputs.items(), *run.outputs.items()):
        for check in _told(use):
            if not is_dbt or _has_counted(check):
                yield name, check


def _has_counted(check: Mapping[str, Any]) -> bool:
    """dbt's emitter says that a test has failed also where it was skipped, or broke: but then it has counted nothing.

    Old versions of it, which give no names to tests, never tell what was counted.
    """
    if check.get("success") is not False or not check.get("name"):
        return True
    return check.get("actual") is not None and check.get("actual") != check.get("expected")


def _told(use: Use) -> list[Mapping[str, Any]]:
    """Both places in which integrations tell of them; some tell in both."""
    told = [
        *items(part(visible(use.side), FACET), "assertions"),
        *items(part(visible(use.facets), FACET), "assertions"),
    ]
    return list({(_name(one), one.get("success")): one for one in told}.values())


def _severity(run: Run, check: Mapping[str, Any]) -> Severity:
    elsewhere = items(part(visible(run.facets), DAGSTER), "checks")
    told = check.get("severity") or {one.get("assertion"): one.get("severity") for one in elsewhere}.get(_name(check))
    return Severity.WARNING if str(told).lower() in ("warn", "warning") else SignalKind.DATA_QUALITY_FAILED.severity


def _fact(first: int, job: Any, name: Any, check: Failed) -> Fact:
    subject = identity("checks", str(first), str(name.id), check.name)
    labels = {"dataset": name.name, "dataset_namespace": name.namespace, "job": job.name}
    return fact_of(subject, Subjects(dataset_id=name.id), labels, check)


def _ended(run: Run) -> int:
    return run.ended or run.last


def _name(check: Mapping[str, Any]) -> str:
    """As people know it."""
    column = f" of {check['column']}" if check.get("column") else ""
    return str(check.get("name") or f"{check.get('assertion', 'a check')}{column}")
