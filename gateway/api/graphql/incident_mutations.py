"""What can be done about incidents, silences and notifications."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated

import strawberry

from gateway.alerts.steering import Steering
from gateway.api.graphql import ids
from gateway.api.graphql.context import Context, Info
from gateway.api.graphql.enums import MatchOperator, Role
from gateway.api.graphql.errors import ApiError, BadInput, Code
from gateway.api.graphql.incidents import Incident, Silence
from gateway.api.graphql.inputs import bounded, optional_text, text
from gateway.domain import matchers

IdArgument = Annotated[strawberry.ID, strawberry.argument(name="id")]


@strawberry.input(description="A condition on one label")
class MatcherInput:
    """A condition on one label."""

    label: str
    value: str
    operator: MatchOperator = MatchOperator.EQ


@strawberry.input(description="Nobody is told of signals that all matchers match, from startsAt (now) to endsAt")
class SilenceInput:
    """A silence to be made."""

    matchers: list[MatcherInput]
    ends_at: datetime
    comment: str
    starts_at: datetime | None = None


SilenceArgument = Annotated[SilenceInput, strawberry.argument(name="input")]


@strawberry.type
class IncidentMutations:
    """What can be done about incidents, silences and notifications."""

    @strawberry.mutation(description="Say that you take care of it; needs the role operator")
    async def acknowledge_incident(self, info: Info, identity: IdArgument, comment: str | None = None) -> Incident:
        """CONFLICT where it is resolved."""
        principal = info.context.require(Role.OPERATOR)
        incident_id = ids.parse_as(ids.Kind.INCIDENT, identity)
        said = optional_text("comment", comment, info.context.limits)
        await _steering(info.context).acknowledge(incident_id, principal.name, said)
        return await _incident(info.context, incident_id)

    @strawberry.mutation(
        description="Say that it is over; it comes back only where something begins anew. Needs the role operator"
    )
    async def resolve_incident(self, info: Info, identity: IdArgument, comment: str | None = None) -> Incident:
        """CONFLICT where it is resolved."""
        principal = info.context.require(Role.OPERATOR)
        incident_id = ids.parse_as(ids.Kind.INCIDENT, identity)
        said = optional_text("comment", comment, info.context.limits)
        await _steering(info.context).resolve(incident_id, principal.name, said)
        return await _incident(info.context, incident_id)

    @strawberry.mutation(description="Let nobody be told of something for a while; needs the role operator")
    async def create_silence(self, info: Info, wanted: SilenceArgument) -> Silence:
        """BAD_USER_INPUT."""
        principal = info.context.require(Role.OPERATOR)
        limits = info.context.limits
        identity = await _steering(info.context).silence(
            _matchers(bounded("input.matchers", wanted.matchers, limits)),
            wanted.starts_at,
            wanted.ends_at,
            principal.name,
            text("input.comment", wanted.comment, limits),
        )
        return await _silence(info.context, identity)

    @strawberry.mutation(description="Let a silence hold no more; needs the role operator")
    async def expire_silence(self, info: Info, identity: IdArgument) -> Silence:
        """CONFLICT where it has ended."""
        info.context.require(Role.OPERATOR)
        silence_id = ids.parse_as(ids.Kind.SILENCE, identity)
        await _steering(info.context).expire(silence_id)
        return await _silence(info.context, silence_id)

    @strawberry.mutation(description="Send a notification again that was given up; needs the role operator")
    async def resend_notification(self, info: Info, identity: IdArgument) -> strawberry.ID:
        """CONFLICT where it was not given up."""
        info.context.require(Role.OPERATOR)
        await _steering(info.context).resend(ids.parse_as(ids.Kind.NOTIFICATION, identity))
        return identity


def _steering(context: Context) -> Steering:
    return Steering(context.services.database, context.services.clock)


async def _incident(context: Context, incident_id: int) -> Incident:
    context.forget()
    found = await context.loaders.incidents.incidents.load(incident_id)
    if found is None:
        raise ApiError(Code.NOT_FOUND, "There is no such incident.")
    return Incident.of(found)


async def _silence(context: Context, silence_id: int) -> Silence:
    context.forget()
    found = await context.loaders.incidents.silences.load(silence_id)
    if found is None:
        raise ApiError(Code.NOT_FOUND, "There is no such silence.")
    return Silence.of(found)


def _matchers(given: Sequence[MatcherInput]) -> list[matchers.Matcher]:
    found: list[matchers.Matcher] = []
    for place, one in enumerate(given):
        try:
            found.append(matchers.matcher(one.label, one.operator, one.value))
        except matchers.MatcherError as error:
            raise BadInput(f"input.matchers[{place}]", str(error), "Mend it.") from None
    return found
