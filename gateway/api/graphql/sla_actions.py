"""What SLAs ask for when they come to be at risk or missed, and what came of it."""

from datetime import datetime
from typing import Any, cast

import strawberry

from gateway.api.graphql.context import Info
from gateway.api.graphql.enums import ActionState, Severity, SlaState
from gateway.api.graphql.runs import Run
from gateway.api.graphql.scalars import Json
from gateway.domain import slas as domain
from gateway.store.repository.sla_actions import OrderedAction


@strawberry.type(description="What is done, once for each key, when a promise comes to stand so: one of these things")
class SlaAction:
    """What is done."""

    on: SlaState
    trigger: str | None = strawberry.field(description="A pipeline that is triggered: ORCHESTRATOR/KEY")
    parameters: Json
    retry: bool = strawberry.field(description="The last run of the SLA's own pipeline is retried, if it has failed")
    notify: str | None = strawberry.field(description="A receiver that is told, wherever the routes lead")
    severity: Severity | None = strawberry.field(description="How bad it is from then on")

    @classmethod
    def of(cls, record: domain.SlaAction) -> "SlaAction":
        """As it is defined."""
        return cls(
            on=record.on,
            trigger=str(record.trigger) if record.trigger else None,
            parameters=cast("Any", dict(record.parameters)),
            retry=record.retry,
            notify=record.notify,
            severity=record.severity,
        )


@strawberry.type(description="Something that an SLA asked for, and what came of it")
class SlaActionDone:
    """What came of an action."""

    action: SlaAction
    state: ActionState
    attempts: int
    outcome: str | None
    ordered_at: datetime
    record: strawberry.Private[OrderedAction]

    @classmethod
    def of(cls, record: OrderedAction) -> "SlaActionDone":
        """As it is stored."""
        return cls(
            action=SlaAction.of(record.action),
            state=record.state,
            attempts=record.attempts,
            outcome=record.outcome,
            ordered_at=record.ordered_at,
            record=record,
        )

    @strawberry.field(description="The run that was started")
    async def run(self, info: Info) -> Run | None:
        """Null where there is none."""
        found = await info.context.loaders.runs.load(self.record.run_id) if self.record.run_id is not None else None
        return Run.of(found) if found else None
