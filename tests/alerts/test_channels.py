"""Each channel against a real server: what is sent, what is tried again, and that no secret leaks."""

import asyncio
import email
import email.policy
import hashlib
import hmac
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, LoginPassword

from adapters.sdk.errors import NotFound, RateLimited, Rejected, Unauthorized, Unavailable
from gateway.alerts.channels import NAMES, channel
from gateway.alerts.channels.line import Line, Message
from gateway.alerts.document import Named, addressed, document
from gateway.alerts.texts import texts_of
from gateway.app.demo.postgres import free_port
from gateway.domain.incidents import Incident, IncidentState, NoticeKind, Severity, Signal, SignalKind, Subjects
from tests.alerts.receiving import Inbox, receiving

NOW = datetime(2026, 5, 5, 7, tzinfo=UTC)
SECRET = "sesame-open-now"
SIGNAL = Signal(
    1,
    7,
    "run_failed:1",
    SignalKind.RUN_FAILED,
    Subjects(pipeline_id=1),
    NOW,
    None,
    "airflow/<ingest> failed (run 7)",
    Severity.ERROR,
    {"orchestrator": "airflow", "pipeline": "<ingest>"},
)
INCIDENT = Incident(7, SIGNAL.message, Severity.CRITICAL, IncidentState.OPEN, 1, NOW)
HURT = Named(pipelines=["airflow/<ingest>", "dagster/marts"], owners=["sales"], orchestrators=["airflow"])


def incident_at(kind: NoticeKind) -> Incident:
    """The incident as it is when this is told."""
    match kind:
        case NoticeKind.ACKNOWLEDGED:
            return replace(INCIDENT, state=IncidentState.ACKNOWLEDGED, acknowledged_at=NOW, acknowledged_by="alice")
        case NoticeKind.RESOLVED:
            return replace(INCIDENT, state=IncidentState.RESOLVED, resolved_at=NOW)
        case _:
            return INCIDENT


def message(
    kind: NoticeKind = NoticeKind.OPENED,
    thread: dict[str, Any] | None = None,
    public_url: str | None = "https://podium.example.com",
) -> Message:
    key = f"podium-incident-7-x-{kind.value}"
    told = addressed(document(kind, incident_at(kind), [SIGNAL], HURT, (), public_url), "x", 1, key)
    texts = texts_of(told, {})
    return Message(kind, key, "podium-incident-7", texts.title, texts.text, told, NOW, thread or {})


async def send(
    name: str, options: dict[str, Any], told: Message, clock: Callable[[], datetime] = lambda: NOW
) -> dict[str, Any]:
    found = channel(name)
    async with Line("ops", clock, timeout=2) as line:
        return dict(await found.send(found.options.model_validate(options), told, line))


@pytest.fixture
def inbox() -> Iterator[Inbox]:
    with receiving() as inbox:
        yield inbox


@pytest.fixture(autouse=True)
def secret(monkeypatch, inbox):
    monkeypatch.setenv("SECRET", SECRET)
    monkeypatch.setenv("HIDDEN_URL", f"{inbox.url}/{SECRET}")


#: Channels over HTTP, each with options that lead to the inbox and hold a secret.
OVER_HTTP: dict[str, dict[str, Any]] = {
    "webhook": {"url": "env:HIDDEN_URL", "secret": "env:SECRET"},
    "slack": {"webhook_url": "env:HIDDEN_URL"},
    "pagerduty": {"routing_key": "env:SECRET"},
    "teams": {"webhook_url": "env:HIDDEN_URL"},
    "alertmanager": {"url": "env:HIDDEN_URL"},
}


def options(name: str, inbox: Inbox) -> dict[str, Any]:
    return OVER_HTTP[name] | ({"url": inbox.url} if name == "pagerduty" else {})


@pytest.mark.parametrize("name", list(OVER_HTTP))
@pytest.mark.parametrize(
    ("status", "error"),
    [
        (400, Rejected),
        (401, Unauthorized),
        (403, Unauthorized),
        (404, NotFound),
        (429, RateLimited),
        (500, Unavailable),
        (503, Unavailable),
    ],
)
async def test_an_answer_that_is_none_says_whether_to_try_again_and_tells_no_secret(inbox, name, status, error):
    inbox.answers = [(status, {"retry-after": "7"}, {"message": f"bad {SECRET}"})]
    with pytest.raises(error) as raised:
        await send(name, options(name, inbox), message())
    assert SECRET not in str(raised.value)
    assert raised.value.is_retryable is (status in (429, 500, 503))
    if status == 429:
        assert raised.value.retry_after == 7
    assert len(inbox.requests) == 1, "the outbox tries again, not the channel"


@pytest.mark.parametrize("name", list(OVER_HTTP))
async def test_nobody_there_is_tried_again(inbox, monkeypatch, name):
    monkeypatch.setenv("HIDDEN_URL", f"http://127.0.0.1:1/{SECRET}")
    with pytest.raises(Unavailable) as raised:
        await send(
            name, options(name, inbox) | ({"url": "http://127.0.0.1:1/"} if name == "pagerduty" else {}), message()
        )
    assert SECRET not in str(raised.value)


async def test_a_webhook_is_signed_and_named(inbox):
    await send("webhook", {"url": inbox.url, "secret": "env:SECRET", "headers": {"x-team": "data"}}, message())
    (request,) = inbox.requests
    at, _, signature = request.headers["podium-signature"].partition(",v1=")
    expected = hmac.new(SECRET.encode(), f"{at[2:]}.".encode() + request.body, hashlib.sha256).hexdigest()
    assert (at, signature) == (f"t={int(NOW.timestamp())}", expected)
    assert request.headers["idempotency-key"] == "podium-incident-7-x-opened"
    assert request.headers["x-team"] == "data"
    assert request.json["incident"]["rootCause"]["pipeline"] == "<ingest>"
    assert request.json["incident"]["url"] == "https://podium.example.com/incidents/7"


async def test_slack_keeps_one_message_up_to_date_and_tells_the_story_in_its_thread(inbox):
    given = {"token": "env:SECRET", "channel": "#data", "api_url": f"{inbox.url}/api"}
    inbox.usual = {"ok": True, "channel": "C1", "ts": "17.5"}
    thread = await send("slack", given, message())
    again = await send("slack", given, message(NoticeKind.RESOLVED, thread))
    assert thread == again == {"channel": "C1", "ts": "17.5"}
    assert [one.path for one in inbox.requests] == [
        "/api/chat.postMessage",
        "/api/chat.update",
        "/api/chat.postMessage",
    ]
    posted, updated, reply = inbox.bodies
    assert posted["channel"] == "#data"
    assert posted["text"] == "airflow/&lt;ingest&gt; failed (run 7)"
    assert (updated["channel"], updated["ts"], updated["text"][:9]) == ("C1", "17.5", "Resolved:")
    assert (reply["channel"], reply["thread_ts"]) == ("C1", "17.5")
    assert {one.headers["authorization"] for one in inbox.requests} == {f"Bearer {SECRET}"}


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        ("invalid_auth", Unauthorized),
        ("channel_not_found", Rejected),
        ("ratelimited", RateLimited),
        ("internal_error", Unavailable),
    ],
)
async def test_slack_says_no_with_200(inbox, error, kind):
    inbox.usual = {"ok": False, "error": error}
    with pytest.raises(kind, match=error):
        await send("slack", {"token": "env:SECRET", "channel": "#data", "api_url": inbox.url}, message())


@pytest.mark.parametrize(
    ("kind", "action"),
    [
        (NoticeKind.OPENED, "trigger"),
        (NoticeKind.UPDATED, "trigger"),
        (NoticeKind.ACKNOWLEDGED, "acknowledge"),
        (NoticeKind.RESOLVED, "resolve"),
    ],
)
async def test_pagerduty_knows_one_incident_by_one_key(inbox, kind, action):
    await send("pagerduty", options("pagerduty", inbox), message(kind))
    (event,) = inbox.bodies
    assert (event["event_action"], event["dedup_key"]) == (action, "podium-incident-7")
    assert event["routing_key"] == SECRET
    if action == "trigger":
        assert (event["payload"]["severity"], event["payload"]["source"]) == ("critical", "airflow")
        assert event["links"] == [{"href": "https://podium.example.com/incidents/7", "text": "Podium"}]


async def test_teams_gets_a_card(inbox):
    await send("teams", options("teams", inbox), message())
    (body,) = inbox.bodies
    (attachment,) = body["attachments"]
    assert attachment["contentType"] == "application/vnd.microsoft.card.adaptive"
    assert attachment["content"]["body"][0]["text"] == "airflow/<ingest> failed (run 7)"
    assert attachment["content"]["actions"] == [
        {"type": "Action.OpenUrl", "title": "Open in Podium", "url": "https://podium.example.com/incidents/7"},
        {"type": "Action.OpenUrl", "title": "Acknowledge", "url": "https://podium.example.com/incidents/7?acknowledge"},
    ]
    await send("teams", options("teams", inbox), message(NoticeKind.ACKNOWLEDGED))
    await send("teams", options("teams", inbox), message(public_url=None))
    taken, nowhere = (one["attachments"][0]["content"] for one in inbox.bodies[1:])
    assert [one["title"] for one in taken["actions"]] == ["Open in Podium"]
    assert "actions" not in nowhere


async def test_apprise_takes_its_own_urls(inbox, monkeypatch):
    monkeypatch.setenv("APPRISE", inbox.url.replace("http://", "json://"))
    await send("apprise", {"url": "env:APPRISE"}, message())
    (body,) = inbox.bodies
    assert body["title"] == "airflow/<ingest> failed (run 7)"
    inbox.answers = [(500, {}, None)]
    with pytest.raises(Unavailable):
        await send("apprise", {"url": "env:APPRISE"}, message())
    monkeypatch.setenv("APPRISE", f"nonsense-{SECRET}://x")
    with pytest.raises(Rejected) as raised:
        await send("apprise", {"url": "env:APPRISE"}, message())
    assert SECRET not in str(raised.value)


class Post:
    """Keeps mail; refuses as it is told."""

    def __init__(self) -> None:
        self.mails: list[bytes] = []
        self.refusal: str | None = None

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802
        if self.refusal is not None:
            return self.refusal
        self.mails.append(envelope.content)
        return "250 OK"


def login(_server: Any, _session: Any, _envelope: Any, _mechanism: str, given: Any) -> AuthResult:
    return AuthResult(success=isinstance(given, LoginPassword) and given.password == SECRET.encode(), handled=False)


@pytest.fixture
async def post() -> Any:
    handler, port = Post(), free_port()
    controller = Controller(
        handler, hostname="127.0.0.1", port=port, authenticator=login, auth_required=False, auth_require_tls=False
    )
    await asyncio.to_thread(controller.start)
    yield handler, port
    await asyncio.to_thread(controller.stop)


async def test_mail_is_plain_and_html_and_one_thread(post):
    handler, port = post
    given = {"smtp": f"smtp://127.0.0.1:{port}", "from": "podium@example.com", "to": ["a@example.com", "b@example.com"]}
    await send("email", given, message())
    await send("email", {**given, "username": "ops", "password": "env:SECRET"}, message(NoticeKind.RESOLVED))
    first, second = (email.message_from_bytes(one, policy=email.policy.default) for one in handler.mails)
    assert (first["subject"], first["to"]) == ("airflow/<ingest> failed (run 7)", "a@example.com, b@example.com")
    assert first["references"] == second["references"] == "<podium-incident-7@podium.invalid>"
    assert first["message-id"] != second["message-id"]
    assert "Cause: airflow/<ingest> failed" in first.get_body(("plain",)).get_content()
    assert "<h2>airflow/&lt;ingest&gt; failed (run 7)</h2>" in first.get_body(("html",)).get_content()
    page = "https://podium.example.com/incidents/7"
    plain = first.get_body(("plain",)).get_content().replace("\r\n", "\n")
    assert f"Open in Podium: {page}\nAcknowledge: {page}?acknowledge\n" in plain
    assert f'<a href="{page}?acknowledge">Acknowledge</a>' in first.get_body(("html",)).get_content()
    assert "Acknowledge" not in second.as_string()


@pytest.mark.parametrize(
    ("refusal", "kind"), [("451 later please", Unavailable), ("554 never", Rejected)], ids=["later", "never"]
)
async def test_mail_that_is_refused(post, refusal, kind):
    handler, port = post
    handler.refusal = refusal
    with pytest.raises(kind, match=refusal[:3]):
        await send(
            "email", {"smtp": f"smtp://127.0.0.1:{port}", "from": "a@example.com", "to": ["b@example.com"]}, message()
        )


async def test_a_wrong_mail_password_is_for_a_person(post, monkeypatch):
    monkeypatch.setenv("SECRET", "wrong-password")
    _, port = post
    given = {"smtp": f"smtp://127.0.0.1:{port}", "from": "a@example.com", "to": ["b@example.com"], "username": "ops"}
    with pytest.raises(Unauthorized) as raised:
        await send("email", {**given, "password": "env:SECRET"}, message())
    assert "wrong-password" not in str(raised.value)


async def test_no_mail_server_is_tried_again():
    with pytest.raises(Unavailable, match="could not be reached"):
        await send("email", {"smtp": "smtp://127.0.0.1:1", "from": "a@example.com", "to": ["b@example.com"]}, message())


def test_every_channel_is_tried_here():
    assert set(NAMES) == {*OVER_HTTP, "email", "apprise"}
