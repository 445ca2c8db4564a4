"""A run that Podium has been asked to start, from the request to the run."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

#: How orders begin to say by whom they are given, where a promise asks for them and no person.
BY_SLA = "SLA "


class CommandState(StrEnum):
    """How far a trigger has come. Only SENDING has an unknown outcome: it is looked up before it is repeated."""

    PENDING = "PENDING"
    SENDING = "SENDING"
    DONE = "DONE"
    FAILED = "FAILED"

    @property
    def is_settled(self) -> bool:
        """Whether nothing more will happen."""
        return self in {CommandState.DONE, CommandState.FAILED}


@dataclass(frozen=True, slots=True)
class TriggerOrder:
    """What is asked for: one run of a pipeline, once for its key."""

    orchestrator_id: int
    pipeline_id: int
    idempotency_key: str
    parameters: Mapping[str, Any]
    logical_at: datetime | None
    partition: str | None
    requested_by: str


@dataclass(frozen=True, slots=True)
class Command:
    """An order as it is kept, written before anything is sent."""

    id: int
    order: TriggerOrder
    state: CommandState
    attempts: int
    run_id: int | None
    error: str | None
    error_kind: str | None
    #: Fencing token: only the latest claim may record an outcome.
    claims: int
    claimed_until: datetime | None
    created_at: datetime
    #: The firing that asks for it; None: a person does.
    firing_id: int | None = None
