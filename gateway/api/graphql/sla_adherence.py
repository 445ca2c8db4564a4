"""How promises were kept: by owner, orchestrator or in total, over a window or month by month."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from enum import Enum
from zoneinfo import ZoneInfo

import strawberry

from gateway.api.graphql.context import Info
from gateway.api.graphql.errors import BadInput
from gateway.api.graphql.inputs import DEFAULT_WINDOW, usable
from gateway.domain.periods import Calendar, KeyGranularity, Period
from gateway.domain.slas import Sla
from gateway.domain.tallies import Tally, budget_left
from gateway.domain.zones import zone_fault
from gateway.store.repository import sla_evaluations, slas

MOST_MONTHS = 24


@strawberry.enum(description="By what promises are put together")
class SlaGrouping(Enum):
    """By what promises are put together."""

    OWNER = "OWNER"
    ORCHESTRATOR = "ORCHESTRATOR"
    TOTAL = "TOTAL"


@strawberry.type(description="How a group of promises was kept")
class SlaAdherence:
    """How a group of promises was kept."""

    name: str | None = strawberry.field(description="The owner or orchestrator; null: of those that have none")
    slas: int
    met: int
    missed: int
    adherence: float | None = strawberry.field(description="met / (met + missed), 0..1; null where none came due")
    error_budget_left: float | None = strawberry.field(
        description="Of the promises that may be broken by each one's objective: 1 where none was, negative where too "
        "many were; null where none with an objective came due"
    )


@strawberry.type(description="How promises were kept in one month")
class SlaMonth:
    """How promises were kept in one month."""

    month: str = strawberry.field(description="As 2026-05, in the zone that was asked for")
    since: datetime
    until: datetime = strawberry.field(description="Exclusive; of the month that goes on, its end")
    groups: list[SlaAdherence] = strawberry.field(description="The same ones in each month, in the same order")


@strawberry.type
class SlaAdherenceQueries:
    """What can be asked of how promises were kept."""

    @strawberry.field(description="How promises that came due in the window were kept, by owner or orchestrator")
    async def sla_adherence(
        self, info: Info, by: SlaGrouping = SlaGrouping.OWNER, window: timedelta = DEFAULT_WINDOW
    ) -> list[SlaAdherence]:
        """By name; those without an owner, or about datasets, come last."""
        now = info.context.services.clock()
        async with info.context.services.database.read() as session:
            known = await slas.switched_on(session)
            tallies = await sla_evaluations.tallies(session, None, now - usable(window), now)
        return _grouped(known, tallies, by)

    @strawberry.field(
        description="The same for each of the last months of a time zone, this one included; the oldest first"
    )
    async def sla_adherence_by_month(
        self, info: Info, by: SlaGrouping = SlaGrouping.OWNER, months: int = 6, timezone: str = "UTC"
    ) -> list[SlaMonth]:
        """As far back as evaluations are kept."""
        now = info.context.services.clock()
        wanted = _months(now, months, timezone)
        found: list[SlaMonth] = []
        async with info.context.services.database.read() as session:
            known = await slas.switched_on(session)
            for period in wanted:
                tallies = await sla_evaluations.tallies(session, None, period.start, min(now, period.end))
                groups = _grouped(known, tallies, by)
                found.append(SlaMonth(month=period.key, since=period.start, until=period.end, groups=groups))
        return found


def _months(now: datetime, count: int, timezone: str) -> list[Period]:
    """The last ones, the oldest first. BAD_USER_INPUT for what names none."""
    if not 1 <= count <= MOST_MONTHS:
        raise BadInput("months", f"{count} is not a number of months.", f"Ask for 1 to {MOST_MONTHS} months.")
    if fault := zone_fault(timezone):
        raise BadInput("timezone", fault, "Use a name of the IANA time zone database.")
    calendar = Calendar(KeyGranularity.MONTH, ZoneInfo(timezone))
    current = calendar.at(now)
    return [calendar.moved(current, -back) for back in reversed(range(count))]


def _grouped(known: Iterable[Sla], tallies: Mapping[int, Tally], by: SlaGrouping) -> list[SlaAdherence]:
    groups: dict[str | None, list[Sla]] = {}
    for sla in known:
        groups.setdefault(_group(sla, by), []).append(sla)
    in_order = sorted(groups.items(), key=lambda item: (item[0] is None, item[0] or ""))
    return [_together(name, [(tallies.get(sla.id, Tally()), sla) for sla in some]) for name, some in in_order]


def _together(name: str | None, some: list[tuple[Tally, Sla]]) -> SlaAdherence:
    tally = sum((one for one, _ in some), Tally())
    return SlaAdherence(
        name=name,
        slas=len(some),
        met=tally.met,
        missed=tally.missed,
        adherence=tally.adherence,
        error_budget_left=budget_left((one, sla.spec.objective) for one, sla in some),
    )


def _group(sla: Sla, by: SlaGrouping) -> str | None:
    match by:
        case SlaGrouping.OWNER:
            return sla.spec.owner
        case SlaGrouping.ORCHESTRATOR:
            return sla.spec.pipeline.orchestrator if sla.spec.pipeline is not None else None
        case SlaGrouping.TOTAL:
            return None
