"""How well an orchestrator can be seen, judged from how its streams fare."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from gateway.domain.states import OrchestratorStatus

#: This many failures in a row open a circuit: from then on one careful attempt at a time.
OPENS_AFTER = 5
LONGEST_PAUSE = timedelta(minutes=5)
#: Wrong credentials are tried again this seldom: a person must act, and accounts get locked.
UNAUTHORIZED_PAUSE = timedelta(minutes=1)


class FailureKind(StrEnum):
    """The kinds of adapter errors, plus a fault of our own."""

    UNAUTHORIZED = "unauthorized"
    RATE_LIMITED = "rate_limited"
    UNAVAILABLE = "unavailable"
    NOT_FOUND = "not_found"
    REJECTED = "rejected"
    DRIFT = "drift"
    CONFIGURATION = "configuration"
    INTERNAL = "internal"


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a stream's last attempt failed; ``message`` is for people and free of secrets."""

    kind: FailureKind
    message: str
    retry_after: timedelta | None = None


@dataclass(frozen=True, slots=True)
class StreamHealth:
    """How one stream (runs, pipelines, ...) has fared: failures in a row, the last of them, and the last success."""

    failures: int = 0
    last_failure: Failure | None = None
    succeeded_at: datetime | None = None

    @property
    def is_open(self) -> bool:
        """Whether the circuit is open: the next attempt is a trial."""
        return self.failures >= OPENS_AFTER

    def success(self, now: datetime) -> "StreamHealth":
        """After an attempt that worked."""
        return StreamHealth(0, None, now)

    def failure(self, failure: Failure) -> "StreamHealth":
        """After an attempt that failed."""
        return StreamHealth(self.failures + 1, failure, self.succeeded_at)

    def pause(self, interval: timedelta, jitter: float) -> timedelta:
        """How long to wait before the next attempt; ``jitter`` in 0..1 spreads replicas and orchestrators apart."""
        if self.last_failure is None:
            return interval
        asked = self.last_failure.retry_after or timedelta(0)
        if self.last_failure.kind in {FailureKind.UNAUTHORIZED, FailureKind.CONFIGURATION}:
            return max(asked, interval, UNAUTHORIZED_PAUSE)
        doubled = interval * 2 ** min(self.failures - 1, 10)
        spread = min(doubled, LONGEST_PAUSE) * (0.5 + 0.5 * jitter)
        return max(asked, spread)


@dataclass(frozen=True, slots=True)
class Health:
    """A status with its reason; None where all is well."""

    status: OrchestratorStatus
    message: str | None = None


_SEVERITY = {
    FailureKind.UNAUTHORIZED: OrchestratorStatus.UNAUTHORIZED,
    FailureKind.CONFIGURATION: OrchestratorStatus.UNAUTHORIZED,
    FailureKind.UNAVAILABLE: OrchestratorStatus.UNREACHABLE,
}
_ORDER = [OrchestratorStatus.UNAUTHORIZED, OrchestratorStatus.UNREACHABLE, OrchestratorStatus.DEGRADED]


def judge(streams: Mapping[str, StreamHealth], warnings: tuple[str, ...] = ()) -> Health:
    """The worst of all streams; DEGRADED where only some fail or the deployment itself warns."""
    failing = [(name, health.last_failure) for name, health in streams.items() if health.last_failure is not None]
    if not failing:
        if all(health.succeeded_at is None for health in streams.values()):
            return Health(OrchestratorStatus.PENDING, "Waiting for the first answer.")
        if warnings:
            return Health(OrchestratorStatus.DEGRADED, " ".join(warnings))
        return Health(OrchestratorStatus.HEALTHY)
    statuses = {_SEVERITY.get(failure.kind, OrchestratorStatus.DEGRADED): (name, failure) for name, failure in failing}
    worst = next(status for status in _ORDER if status in statuses)
    name, failure = statuses[worst]
    if worst is OrchestratorStatus.DEGRADED:
        return Health(worst, f"{name.capitalize()} cannot be read: {failure.message}")
    return Health(worst, failure.message)
