"""What callers send: checked, and turned into the domain's own words."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Annotated, TypeVar

import strawberry

from gateway.api.graphql import ids
from gateway.api.graphql.enums import RunState, RunTrigger
from gateway.api.graphql.errors import BadInput
from gateway.api.graphql.scalars import Json
from gateway.api.limits import Limits
from gateway.domain import filters

T = TypeVar("T")
#: Windows that figures are measured in: as long as this where nobody says, and at most.
DEFAULT_WINDOW = timedelta(days=30)
LONGEST_WINDOW = timedelta(days=3660)


@strawberry.input(description="Narrows a list of pipelines; members are joined by AND, elements of a list by OR")
class PipelineFilter:
    """Narrows a list of pipelines."""

    orchestrators: list[str] | None = None
    search: str | None = strawberry.field(default=None, description="Case-insensitive substring of key or name")
    owners: list[str] | None = None
    tags: list[str] | None = None
    is_paused: bool | None = None
    is_active: bool | None = strawberry.field(
        default=None, description="Whether the orchestrator still lists it; both where not given"
    )
    latest_state: list[RunState] | None = None

    def to_domain(self, limits: Limits) -> filters.PipelineFilter:
        """BAD_USER_INPUT for a text or list that is too long or cannot be stored."""
        return filters.PipelineFilter(
            orchestrators=texts("filter.orchestrators", self.orchestrators, limits),
            search=optional_text("filter.search", self.search, limits),
            owners=texts("filter.owners", self.owners, limits),
            tags=texts("filter.tags", self.tags, limits),
            is_paused=self.is_paused,
            is_active=self.is_active,
            latest_state=tuple(self.latest_state or ()),
        )


@strawberry.input(description="Narrows a list of runs; members are joined by AND, elements of a list by OR")
class RunFilter:
    """Narrows a list of runs."""

    orchestrators: list[str] | None = None
    pipelines: list[strawberry.ID] | None = None
    states: list[RunState] | None = None
    triggers: list[RunTrigger] | None = None
    started_after: datetime | None = strawberry.field(default=None, description="Inclusive")
    started_before: datetime | None = strawberry.field(default=None, description="Exclusive")
    logical_at: datetime | None = None
    search: str | None = strawberry.field(
        default=None, description="Case-insensitive substring of externalId, or of the pipeline's key or name"
    )

    def to_domain(self, limits: Limits) -> filters.RunFilter:
        """BAD_USER_INPUT for an id of another kind, and as for pipelines."""
        wanted = bounded("filter.pipelines", self.pipelines or [], limits)
        return filters.RunFilter(
            orchestrators=texts("filter.orchestrators", self.orchestrators, limits),
            pipelines=tuple(ids.parse_as(ids.Kind.PIPELINE, value, "filter.pipelines") for value in wanted),
            states=tuple(self.states or ()),
            triggers=tuple(self.triggers or ()),
            started_after=self.started_after,
            started_before=self.started_before,
            logical_at=self.logical_at,
            search=optional_text("filter.search", self.search, limits),
        )


PipelineFilterArgument = Annotated[PipelineFilter | None, strawberry.argument(name="filter")]
RunFilterArgument = Annotated[RunFilter | None, strawberry.argument(name="filter")]


@strawberry.input(description="A run to be started")
class TriggerPipelineInput:
    """A run to be started."""

    pipeline: strawberry.ID
    parameters: Json | None = strawberry.field(default=None, description="An object, as the orchestrator takes it")
    logical_at: datetime | None = None
    partition: str | None = None
    idempotency_key: str | None = strawberry.field(default=None, description="Two calls with the same key make one run")


def page_size(first: int | None, limits: Limits) -> int:
    """How many elements a page has. BAD_USER_INPUT outside 0 .. the limit."""
    if first is None:
        return limits.default_page_size
    if not 0 <= first <= limits.page_size:
        remedy = f"Ask for 0 to {limits.page_size} and go on with after: endCursor."
        raise BadInput("first", f"{first} is not a size of a page.", remedy)
    return first


def usable(window: timedelta) -> timedelta:
    """BAD_USER_INPUT for a window that nothing can be measured in."""
    if not timedelta(0) < window <= LONGEST_WINDOW:
        raise BadInput("window", "is not a usable window.", "Use more than PT0S and at most P3660D.")
    return window


def text(field: str, value: str, limits: Limits) -> str:
    """A text that both databases can compare. BAD_USER_INPUT otherwise."""
    if len(value) > limits.text_length:
        raise BadInput(field, f"{len(value)} characters.", f"Send at most {limits.text_length} characters.")
    if "\0" in value or any("\ud800" <= character <= "\udfff" for character in value):
        raise BadInput(field, f"{value[:80]!r} is no valid text.", "Send Unicode text without NUL characters.")
    return value


def optional_text(field: str, value: str | None, limits: Limits) -> str | None:
    """As ``text``; None stays None."""
    return None if value is None else text(field, value, limits)


def texts(field: str, values: Sequence[str] | None, limits: Limits) -> tuple[str, ...]:
    """As ``text`` for each; none where there is no list."""
    return tuple(text(field, value, limits) for value in bounded(field, values or [], limits))


def bounded(field: str, values: Sequence[T], limits: Limits) -> Sequence[T]:
    """The list itself. BAD_USER_INPUT where it is too long."""
    if len(values) > limits.list_length:
        raise BadInput(field, f"{len(values)} elements.", f"Send at most {limits.list_length} elements.")
    return values


def only(own: Iterable[int], wanted: filters.RunFilter) -> filters.RunFilter | None:
    """A filter of runs narrowed to some pipelines; None where it lets nothing through."""
    left = tuple(identity for identity in own if not wanted.pipelines or identity in wanted.pipelines)
    return replace(wanted, pipelines=left) if left else None
