"""Reads what checks of assets found.

Dagster tells of each check's last execution along with the assets, for all of them at once. Only the few checks that
may have found something new are asked for their executions, many in one request.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from adapters.dagster import queries
from adapters.dagster.check_payloads import Execution
from adapters.dagster.client import DagsterClient
from adapters.dagster.cursors import CheckKey
from adapters.dagster.mapping.checks import IN_PROGRESS, evaluated
from adapters.dagster.shapes import known_shape
from gateway.domain.observation import ObservedCheck

#: Checks asked for in one request, and executions of each. A check may find something in a run that was planned
#: before others that have ended: so many are looked at, also where the last of them is older than what is known.
CHECKS_AT_ONCE = 25
EXECUTIONS = 25


@dataclass(slots=True)
class Evaluations:
    """What some checks found after an instant, and which of them have not ended yet."""

    found: list[ObservedCheck] = field(default_factory=list[ObservedCheck])
    in_progress: set[CheckKey] = field(default_factory=set[CheckKey])

    @property
    def latest(self) -> float:
        """When the last of them was evaluated, in seconds since 1970; 0 where there is none."""
        return max((one.at.timestamp() for one in self.found), default=0.0)


async def evaluations(client: DagsterClient, checks: Iterable[CheckKey], after: float) -> Evaluations:
    """Of these checks, what was evaluated after an instant, in seconds since 1970."""
    result = Evaluations()
    waiting: list[tuple[CheckKey, str | None]] = [(key, None) for key in checks]
    while waiting:
        batch, waiting = waiting[:CHECKS_AT_ONCE], waiting[CHECKS_AT_ONCE:]
        given: dict[str, Any] = {"limit": EXECUTIONS}
        for place, ((path, name), cursor) in enumerate(batch):
            given |= {f"asset{place}": {"path": path}, f"check{place}": name, f"cursor{place}": cursor}
        answer = await client.query(queries.check_executions(len(batch)), **given)
        for place, (key, _) in enumerate(batch):
            with known_shape("A check's executions"):
                executions: list[Execution] = answer[f"c{place}"]
                _take(result, key, executions, after)
                if len(executions) == EXECUTIONS and executions[-1]["timestamp"] > after:
                    waiting.append((key, executions[-1]["id"]))
    return result


def _take(result: Evaluations, key: CheckKey, executions: Iterable[Execution], after: float) -> None:
    for raw in executions:
        found = evaluated(key, raw)
        if found is not None and found.at.timestamp() > after:
            result.found.append(found)
        if raw["status"] == IN_PROGRESS:
            result.in_progress.add(key)
