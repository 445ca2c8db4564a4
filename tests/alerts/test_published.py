"""What Slack and PagerDuty are sent is what they publish that they take, whatever an incident says."""

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gateway.alerts.channels import channel
from gateway.alerts.channels.email import EmailOptions, composed
from gateway.alerts.channels.line import Line, Message
from gateway.alerts.channels.pagerduty import LARGEST
from gateway.alerts.document import examples
from gateway.alerts.texts import texts_of
from gateway.domain.incidents import NoticeKind
from tests.alerts import published
from tests.alerts.made_up import DOCUMENTS
from tests.alerts.published import faults
from tests.alerts.receiving import Inbox, Request, receiving

NOW = datetime(2026, 5, 5, 7, tzinfo=UTC)
THREAD = {"channel": "C0123456789", "ts": "1777964400.000001"}
ANSWER = {"ok": True, "channel": "C0123456789", "ts": "1777964400.000002", "messages": []}
EXAMPLES = [(f"{told['event']}, {'all' if told['incident']['url'] else 'little'}", told) for told in examples()]
MANY = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
#: What each channel over HTTP is given besides the inbox.
OPTIONS: dict[str, dict[str, Any]] = {
    "slack": {"token": "env:SECRET", "channel": "C0123456789"},
    "webhook_of_slack": {"webhook_url": "env:INBOX"},
    "pagerduty": {"routing_key": "env:SECRET"},
    "teams": {"webhook_url": "env:INBOX"},
}


@pytest.fixture(scope="module")
def inbox() -> Iterator[Inbox]:
    with receiving() as inbox, pytest.MonkeyPatch.context() as environment:
        inbox.usual = ANSWER
        environment.setenv("SECRET", "sesame-open-now")
        environment.setenv("INBOX", f"{inbox.url}/hook")
        yield inbox


def message_of(told: dict[str, Any], *, may_be_there: bool = False, is_first: bool = True) -> Message:
    texts = texts_of(told, {})
    incident_key = told["incident"]["key"]
    thread = {} if is_first else THREAD
    return Message(NoticeKind(told["event"]), told["key"], incident_key, *_pair(texts), told, NOW, thread, may_be_there)


def _pair(texts: Any) -> tuple[str, str]:
    return texts.title, texts.text


def sent(inbox: Inbox, name: str, told: Message) -> list[Request]:
    """The requests that come of it."""

    async def send() -> None:
        found = channel(name.rsplit("_", maxsplit=1)[-1])
        where = {"slack": {"api_url": inbox.url}, "pagerduty": {"url": inbox.url}}.get(name, {})
        async with Line("chat", lambda: NOW) as line:
            await found.send(found.options.model_validate({**OPTIONS[name], **where}), told, line)

    inbox.requests.clear()
    asyncio.run(send())
    assert inbox.requests
    return inbox.requests


def wrong(inbox: Inbox, name: str, told: Message) -> list[str]:
    """What the published schemas say against it."""
    found: list[str] = []
    for request in sent(inbox, name, told):
        match name:
            case "slack":
                method = request.path.rsplit("/", 1)[1]
                found += faults(published.slack(method), request.arguments)
            case "webhook_of_slack":
                found += faults(published.slack("incoming_webhook"), request.json)
            case _:
                found += faults(published.pagerduty(), request.json)
                found += ["too large"] if len(request.body) > LARGEST else []
    return found


@pytest.mark.parametrize("name", ["slack", "webhook_of_slack", "pagerduty"])
@pytest.mark.parametrize("told", [told for _, told in EXAMPLES], ids=[name for name, _ in EXAMPLES])
@pytest.mark.parametrize("length", [1, 1_000, 20_000])
def test_every_event_is_as_its_receiver_publishes_it(inbox, name, told, length):
    told = {**told, "incident": {**told["incident"], "title": "<&>" * length}}
    for is_first in (True, False):
        for may_be_there in (False, True):
            message = message_of(told, is_first=is_first, may_be_there=may_be_there)
            assert wrong(inbox, name, message) == []


@pytest.mark.parametrize("name", ["slack", "webhook_of_slack", "pagerduty"])
@MANY
@given(told=DOCUMENTS, is_first=st.booleans(), may_be_there=st.booleans())
def test_whatever_an_incident_says_it_is_sent_as_published(inbox, name, told, is_first, may_be_there):
    assert wrong(inbox, name, message_of(told, is_first=is_first, may_be_there=may_be_there)) == []


@MANY
@given(told=DOCUMENTS)
def test_whatever_an_incident_says_a_mail_can_be_written_of_it(told):
    options = EmailOptions.model_validate({"smtp": "smtp://x", "from": "a@example.com", "to": ["b@example.com"]})
    message = message_of(told)
    mail = composed(options, message)
    assert mail.as_bytes()
    assert " ".join(str(mail["subject"]).split()) == message.title


@MANY
@given(told=DOCUMENTS)
def test_whatever_an_incident_says_a_card_stays_within_what_teams_takes(inbox, told):
    (request,) = sent(inbox, "teams", message_of(told))
    assert len(request.body) <= 28 * 1024


@pytest.mark.parametrize("text", ["🔥" * 10_000, "a\n" * 5_000], ids=["wide", "many lines"])
def test_a_card_of_a_text_that_is_too_long_holds_its_beginning(inbox, text):
    (request,) = sent(inbox, "teams", replace(message_of(EXAMPLES[0][1]), text=text))
    assert 10_000 < len(request.body) <= 28 * 1024
    (attachment,) = request.json["attachments"]
    assert attachment["content"]["body"][1]["text"][0] == text[0]


def test_what_is_hurt_is_left_out_of_an_event_that_pagerduty_would_not_take(inbox):
    told = EXAMPLES[0][1]
    hurt = {kind: ["🔥" * 10_000] * 20 for kind in told["incident"]["impact"]}
    told = {**told, "incident": {**told["incident"], "impact": hurt}}
    (request,) = sent(inbox, "pagerduty", message_of(told))
    assert len(request.body) < LARGEST
    details = request.json["payload"]["custom_details"]
    assert (details["text"][-1], "impact" in details) == ("…", False)


@pytest.mark.parametrize(
    ("method", "request_", "fault"),
    [
        ("chat.postMessage", {"channel": "C0123456789", "text": ""}, "text"),
        ("chat.postMessage", {"channel": "C0123456789", "text": "x", "client_msg_id": "1"}, "client_msg_id"),
        ("chat.update", {"channel": "#data", "ts": "1777964400.000001", "text": "x"}, "channel"),
        ("conversations.history", {"channel": "C0123456789", "limit": "1000"}, "limit"),
        ("conversations.replies", {"channel": "C0123456789"}, "ts"),
    ],
)
def test_the_schemas_refuse_what_slack_would(method, request_, fault):
    (found,) = faults(published.slack(method), request_)
    assert fault in found
