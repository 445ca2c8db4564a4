"""What can be watched."""

import contextlib
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping
from typing import TypeVar

import strawberry

from gateway.api import metrics
from gateway.api.graphql.context import Info
from gateway.api.graphql.errors import ApiError, Code
from gateway.api.graphql.firings import Firing
from gateway.api.graphql.incidents import Incident
from gateway.api.graphql.inputs import RunFilterArgument
from gateway.api.graphql.runs import Run
from gateway.api.graphql.selection import names_below
from gateway.api.graphql.slas import SlaEvaluation
from gateway.domain import filters
from gateway.store.changes import Listener, Subject
from gateway.store.database import ReadSession
from gateway.store.repository import firings, incidents, runs, sla_evaluations

T = TypeVar("T")

#: How often a silent subscription looks whether its caller's token still holds, in seconds.
WATCH = 1.0
#: WebSocket close code: some changes were missed; connect again and read anew.
CLOSE_MISSED = 4205
CLOSE_REVOKED = 4403


@strawberry.type
class Subscription:
    """What can be watched."""

    @strawberry.subscription(
        description="Runs as they are first seen or change, within a second; a connection's first subscription tells "
        "what has changed since the connection was acknowledged. Where changes were missed the connection "
        "is closed with 4205: connect again and read anew"
    )
    async def run_changed(self, info: Info, where: RunFilterArgument = None) -> AsyncGenerator[Run]:
        """Every change of a run that the filter lets through."""
        context = info.context
        wanted = where.to_domain(context.limits) if where else filters.RunFilter()
        names = names_below(info)
        database = context.services.database
        with context.changed_runs() as listener, metrics.SUBSCRIPTIONS.track_inprogress():
            while True:
                changed = await listener.batch(WATCH)
                await _check_going_on(info, listener)
                if not changed:
                    continue
                context.forget()
                async with database.read() as session:
                    found = await runs.matching(session, wanted, [change.id for change in changed])
                    await context.loaders.read_along(session, found, names)
                for run in found:
                    yield Run.of(run)

    @strawberry.subscription(
        description="Firings as they begin or change, within a second. Where changes were missed the connection is "
        "closed with 4205: connect again and read anew"
    )
    async def firing_changed(self, info: Info) -> AsyncGenerator[Firing]:
        """Every step of every firing."""
        async with contextlib.aclosing(_changed(info, Subject.FIRING, firings.by_ids)) as changed:
            async for one in changed:
                yield Firing.of(one)

    @strawberry.subscription(
        description="How promises stand, whenever that or a forecast changes. Where changes were missed the connection "
        "is closed with 4205: connect again and read anew"
    )
    async def sla_changed(self, info: Info) -> AsyncGenerator[SlaEvaluation]:
        """Every change of every evaluation."""
        async with contextlib.aclosing(_changed(info, Subject.SLA_EVALUATION, sla_evaluations.by_ids)) as changed:
            async for one in changed:
                yield SlaEvaluation.of(one)

    @strawberry.subscription(
        description="Incidents whenever they change. Where changes were missed the connection ends with code 4205"
    )
    async def incident_changed(self, info: Info) -> AsyncGenerator[Incident]:
        """Every change of every incident."""
        async with contextlib.aclosing(_changed(info, Subject.INCIDENT, incidents.by_ids)) as changed:
            async for one in changed:
                yield Incident.of(one)


async def _changed(
    info: Info, subject: Subject, by_ids: Callable[[ReadSession, list[int]], Awaitable[Mapping[int, T]]]
) -> AsyncGenerator[T]:
    """What has changed, as it is stored then, for as long as the caller may hear of it."""
    database = info.context.services.database
    with database.feed.listen(subject) as listener, metrics.SUBSCRIPTIONS.track_inprogress():
        while True:
            changed = await listener.batch(WATCH)
            await _check_going_on(info, listener)
            info.context.forget()
            ids = list(dict.fromkeys(change.id for change in changed))
            async with database.read() as session:
                found = await by_ids(session, ids)
            for identity in ids:
                if identity in found:
                    yield found[identity]


async def _check_going_on(info: Info, listener: Listener) -> None:
    """Ends the subscription where its caller may not hear any more, or has missed something."""
    if not await info.context.is_still_allowed():
        await _end(info, CLOSE_REVOKED, Code.UNAUTHENTICATED, "The token does not hold any more.")
    if listener.overflowed:
        await _end(info, CLOSE_MISSED, Code.INTERNAL, "Changes were missed; read everything anew.")


async def _end(info: Info, close_code: int, code: Code, reason: str) -> None:
    """Closes the WebSocket, so that a client that connects again by itself also reads anew."""
    if info.context.hang_up is not None:
        await info.context.hang_up(close_code, reason)
    raise ApiError(code, reason, remedy="Connect again.")
