"""What can be asked of SLAs."""

from datetime import datetime

import strawberry

from gateway.api.graphql import ids
from gateway.api.graphql.context import Info
from gateway.api.graphql.inputs import DEFAULT_WINDOW, text
from gateway.api.graphql.pipelines import Pipeline
from gateway.api.graphql.slas import Sla, SlaConnection, SlaStates, sla_page
from gateway.domain.slas import SlaState
from gateway.domain.tallies import Tally
from gateway.store.repository import corrections, sla_evaluations, slas
from gateway.store.repository.corrections import StoredCorrection


@strawberry.type(description="How many promises stand how now")
class SlaSummary:
    """How many promises stand how now."""

    total: int
    pending: int
    on_track: int
    at_risk: int
    missed: int
    met: int
    adherence: float | None = strawberry.field(description="Over all of them and the last 30 days; null: none came due")


@strawberry.type(description="What somebody knows better than a forecast")
class ForecastCorrection:
    """What somebody knows better than a forecast."""

    id: strawberry.ID
    since: datetime = strawberry.field(description="It is about runs that begin from then on")
    until: datetime
    factor: float = strawberry.field(description="They take so many times as long")
    not_before: datetime | None = strawberry.field(description="The next one begins not before that")
    comment: str | None
    made_by: str
    made_at: datetime
    record: strawberry.Private[StoredCorrection]

    @classmethod
    def of(cls, record: StoredCorrection) -> "ForecastCorrection":
        """As it is stored."""
        return cls(
            id=strawberry.ID(ids.global_id(ids.Kind.FORECAST_CORRECTION, record.id)),
            since=record.since,
            until=record.until,
            factor=record.factor,
            not_before=record.not_before,
            comment=record.comment,
            made_by=record.made_by,
            made_at=record.made_at,
            record=record,
        )

    @strawberry.field
    async def pipeline(self, info: Info) -> Pipeline | None:
        """What it is about."""
        found = await info.context.loaders.pipelines.load(self.record.pipeline_id)
        return Pipeline.of(found) if found else None


@strawberry.type
class SlaQueries:
    """What can be asked of SLAs."""

    @strawberry.field(description="Promises by name; `states`: those that stand so now")
    async def slas(
        self, info: Info, first: int | None = None, after: str | None = None, states: SlaStates = None
    ) -> SlaConnection:
        """Those that are defined now."""
        return await sla_page(info, states, first, after)

    @strawberry.field
    async def sla(self, info: Info, name: str) -> Sla | None:
        """Null where there is none of that name."""
        wanted = text("name", name, info.context.limits)
        async with info.context.services.database.read() as session:
            found = await slas.by_name(session, wanted)
        return Sla.of(found) if found else None

    @strawberry.field(description="How many promises stand how now, of those that are switched on")
    async def sla_summary(self, info: Info) -> SlaSummary:
        """Those that are not judged yet count as pending."""
        now = info.context.services.clock()
        async with info.context.services.database.read() as session:
            standing = await slas.standings(session)
            tallies = await sla_evaluations.tallies(session, None, now - DEFAULT_WINDOW, now)
        return SlaSummary(
            total=sum(standing.values()),
            pending=standing.get(None, 0) + standing.get(SlaState.PENDING, 0),
            on_track=standing.get(SlaState.ON_TRACK, 0),
            at_risk=standing.get(SlaState.AT_RISK, 0),
            missed=standing.get(SlaState.MISSED, 0),
            met=standing.get(SlaState.MET, 0),
            adherence=sum(tallies.values(), Tally()).adherence,
        )

    @strawberry.field(description="What people know better than forecasts, as far as it is not over; oldest first")
    async def forecast_corrections(self, info: Info) -> list[ForecastCorrection]:
        """Of all pipelines."""
        async with info.context.services.database.read() as session:
            found = await corrections.everything(session, info.context.services.clock())
        return [ForecastCorrection.of(one) for one in found]
