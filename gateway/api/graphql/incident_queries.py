"""What can be asked of incidents, silences and notifications."""

import strawberry

from gateway.api.graphql.context import Info
from gateway.api.graphql.incidents import (
    Incident,
    IncidentConnection,
    Notification,
    Orchestrators,
    Severities,
    Silence,
    States,
    incident_page,
)
from gateway.store.repository import notifications, silences

#: Silences and failed notifications that are listed.
MOST = 500


@strawberry.type(description="A notification that nobody has taken")
class FailedNotification:
    """It can be sent again."""

    notification: Notification
    incident_id: strawberry.Private[int]

    @strawberry.field
    async def incident(self, info: Info) -> Incident | None:
        """What it tells of."""
        found = await info.context.loaders.incidents.incidents.load(self.incident_id)
        return Incident.of(found) if found else None


@strawberry.type
class IncidentQueries:
    """What can be asked of incidents, silences and notifications."""

    @strawberry.field(description="Incidents, the last opened first; what was merged into another is not listed")
    async def incidents(
        self,
        info: Info,
        first: int | None = None,
        after: str | None = None,
        states: States = None,
        severities: Severities = None,
        orchestrators: Orchestrators = None,
    ) -> IncidentConnection:
        """Of all systems."""
        return await incident_page(info, states, severities, orchestrators, first, after)

    @strawberry.field(description="`active: true`: those that hold now; false: all others; null: all")
    async def silences(self, info: Info, active: bool | None = None) -> list[Silence]:
        """The last made first."""
        now = info.context.services.clock()
        async with info.context.services.database.read() as session:
            found = await silences.everything(session, MOST)
        return [Silence.of(one) for one in found if active is None or one.is_active(now) is active]

    @strawberry.field(description="Notifications that were given up, the last first; `resendNotification` sends one")
    async def failed_notifications(self, info: Info) -> list[FailedNotification]:
        """Dead letters."""
        async with info.context.services.database.read() as session:
            found = await notifications.given_up(session, MOST)
        return [FailedNotification(notification=Notification.of(one), incident_id=one.incident_id) for one in found]
