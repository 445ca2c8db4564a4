"""The domain's enums, made known to GraphQL; import them from here, so that this has happened."""

from enum import Enum

import strawberry

from gateway.connecting.forms import FieldType
from gateway.domain.access import Role
from gateway.domain.dependencies import FiringState, Mode, Rerun
from gateway.domain.filters import PipelineOrder, RunOrder
from gateway.domain.incidents import IncidentState, NotificationState, Severity, SignalKind
from gateway.domain.matchers import MatchOperator
from gateway.domain.periods import KeyGranularity
from gateway.domain.slas import SlaKind, SlaState
from gateway.domain.states import Capability, OrchestratorStatus, RunState, RunTrigger, TaskRunState
from gateway.store.repository.sla_actions import ActionState
from lineage.graph import EdgeKind
from lineage.walk import Direction

__all__ = [
    "ActionState",
    "Capability",
    "DefinitionOrigin",
    "DependencyMode",
    "Direction",
    "EdgeKind",
    "FieldType",
    "FiringState",
    "IncidentState",
    "KeyGranularity",
    "MatchOperator",
    "NotificationState",
    "OrchestratorStatus",
    "PipelineOrder",
    "Rerun",
    "Role",
    "RunOrder",
    "RunState",
    "RunTrigger",
    "Severity",
    "SignalKind",
    "SlaKind",
    "SlaState",
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
strawberry.enum(Mode, name="DependencyMode", description="How many of a dependency's conditions must hold")
strawberry.enum(KeyGranularity, description="What a firing is for: one run, one stretch of time, or one partition")
strawberry.enum(FiringState, description="How far a firing has come")
strawberry.enum(
    PipelineOrder,
    description="What a list of pipelines is ordered by; what has no value comes last, what is equal stays by name",
)
strawberry.enum(
    RunOrder,
    description="What a list of runs is ordered by: when they were queued or started, or how long they took",
)
strawberry.enum(Rerun, description="What happens when an upstream ends once more for a key that has fired")
DependencyMode = Mode
strawberry.enum(SlaKind, description="What is promised")
strawberry.enum(SlaState, description="How a promise stands")
strawberry.enum(ActionState, name="SlaActionState", description="How far something that an SLA asked for is")
strawberry.enum(Severity, description="How bad something is")
strawberry.enum(SignalKind, description="What can go wrong")
strawberry.enum(IncidentState, description="How far an incident is")
strawberry.enum(NotificationState, description="How far a notification is")
strawberry.enum(MatchOperator, description="As in Prometheus Alertmanager: =, !=, =~, !~")
strawberry.enum(FieldType, name="ConnectionFieldType", description="What a field of a connection holds")
strawberry.enum(Role, description="What a caller may do; each role includes those before it")


@strawberry.enum(description="Where a definition came from")
class DefinitionOrigin(Enum):
    """Where a definition came from."""

    CONFIG = "CONFIG"
    API = "API"


@strawberry.enum(description="Which way round a list is")
class SortDirection(Enum):
    """Which way round a list is."""

    ASC = "ASC"
    DESC = "DESC"
