"""What an observed run means for the stored one: a pure verdict with a reason."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from gateway.domain.observation import ObservedRun
from gateway.domain.records import Run
from gateway.domain.states import RunTrigger


class Reason(StrEnum):
    """Why a run is or is not written."""

    FIRST_SEEN = "first_seen"
    UNCHANGED = "unchanged"
    #: Read before what is stored was read, and different: only reading it again tells which holds.
    OUTDATED = "outdated"
    DETAILS_CHANGED = "details_changed"
    STATE_CHANGED = "state_changed"
    #: It had ended and runs again, or has run again: a new attempt.
    REOPENED = "reopened"

    @property
    def writes(self) -> bool:
        """Whether the stored run changes."""
        return self not in {Reason.UNCHANGED, Reason.OUTDATED}

    @property
    def enters_history(self) -> bool:
        """Whether a new line in the run's history is due."""
        return self in {Reason.FIRST_SEEN, Reason.STATE_CHANGED, Reason.REOPENED}


@dataclass(frozen=True, slots=True)
class Verdict:
    """The reason, and the attempt that the observation belongs to (from 1)."""

    reason: Reason
    attempt: int


def judge(stored: Run | None, observed: ObservedRun, read_at: datetime) -> Verdict:
    """Compare an observation, whose reading began at ``read_at``, with what is stored."""
    if stored is None:
        return Verdict(Reason.FIRST_SEEN, observed.attempt or 1)
    if _is_same(stored, observed):
        return Verdict(Reason.UNCHANGED, stored.attempt)
    if read_at < stored.read_at:
        return Verdict(Reason.OUTDATED, stored.attempt)
    if observed.attempt is not None and observed.attempt > stored.attempt:
        return Verdict(Reason.REOPENED, observed.attempt)
    if observed.attempt is None and _ran_again(stored, observed):
        return Verdict(Reason.REOPENED, stored.attempt + 1)
    attempt = observed.attempt or stored.attempt
    if (stored.state, stored.native_state) != (observed.state, observed.native_state):
        return Verdict(Reason.STATE_CHANGED, attempt)
    return Verdict(Reason.DETAILS_CHANGED, attempt)


def _is_same(stored: Run, observed: ObservedRun) -> bool:
    return (
        stored.state == observed.state
        and stored.native_state == observed.native_state
        and stored.ended_at == observed.ended_at
        and stored.started_at == observed.started_at
        and stored.queued_at == observed.queued_at
        and stored.trigger == trigger_of(stored, observed)
        and stored.logical_at == observed.logical_at
        and stored.partition == observed.partition
        and stored.url == observed.url
        and stored.parent_external_id == observed.parent_external_id
        and (observed.attempt is None or stored.attempt == observed.attempt)
        and stored.parameters == observed.parameters
    )


def trigger_of(stored: Run | None, observed: ObservedRun) -> RunTrigger:
    """What started a run: where a dependency did, the orchestrator knows only that somebody asked for it."""
    is_ours = stored is not None and stored.trigger is RunTrigger.DEPENDENCY
    return RunTrigger.DEPENDENCY if is_ours else observed.trigger


def _ran_again(stored: Run, observed: ObservedRun) -> bool:
    if not stored.state.is_terminal:
        return False
    if not observed.state.is_terminal:
        return True
    return observed.started_at is not None and stored.ended_at is not None and observed.started_at > stored.ended_at
