"""A test message to one receiver."""

from collections.abc import Iterable
from datetime import UTC, datetime
from uuid import uuid4

from adapters.sdk import secrets
from adapters.sdk.errors import AdapterError
from adapters.sdk.protocol import utc_now
from gateway.alerts.channels.line import Message
from gateway.alerts.configuration import alerting_of
from gateway.alerts.delivery import send
from gateway.alerts.document import Named, addressed, document
from gateway.alerts.texts import texts_of
from gateway.domain.incidents import Incident, IncidentState, NoticeKind, Severity
from gateway.domain.records import Definition


async def try_receiver(definitions: Iterable[Definition], name: str, public_url: str | None) -> str | None:
    """Send it; None where it was taken, else why not."""
    receiver = alerting_of(definitions).receivers[name]
    now = datetime.now(UTC)
    made_up = Incident(0, "Podium can reach you.", Severity.INFO, IncidentState.OPEN, None, opened_at=now)
    key = f"podium-test-{uuid4()}"
    told = document(NoticeKind.TEST, made_up, (), Named(), (), public_url)
    told = addressed(told, name, 1, key)
    texts = texts_of(told, receiver.templates)
    message = Message(NoticeKind.TEST, key, key, texts.title, texts.text, told, now)
    try:
        await send(receiver, message, utc_now)
    except (AdapterError, secrets.SecretError) as error:
        return str(error)
    return None
