"""The domain's enums, made known to GraphQL; import them from here, so that this has happened."""

from enum import Enum

import strawberry

from gateway.domain.access import Role
from gateway.domain.states import Capability, OrchestratorStatus, RunState, RunTrigger, TaskRunState
from lineage.graph import EdgeKind
from lineage.walk import Direction

__all__ = [
    "Capability",
    "Direction",
    "EdgeKind",
    "OrchestratorStatus",
    "Role",
    "RunState",
    "RunTrigger",
    "SortDirection",
    "TaskRunState",
]

strawberry.enum(OrchestratorStatus, description="How well Podium can see an orchestrator now")
strawberry.enum(Capability, description="What can be done at an orchestrator through Podium")
strawberry.enum(RunState, description="State of a run; nativeState holds the orchestrator's own word")
strawberry.enum(TaskRunState, description="State of one attempt of a task within a run")
strawberry.enum(RunTrigger, description="Why a run was started")
strawberry.enum(Direction, name="LineageDirection", description="Which way to follow the data")
strawberry.enum(EdgeKind, name="LineageEdgeKind", description="Why two nodes of the lineage graph are joined")
strawberry.enum(Role, description="What a caller may do; each role includes those before it")


@strawberry.enum(description="The order of a list by time")
class SortDirection(Enum):
    """The order of a list by time."""

    ASC = "ASC"
    DESC = "DESC"
