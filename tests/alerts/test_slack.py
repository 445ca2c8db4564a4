"""Slack, against a server that behaves like it: one message, also where an answer is lost or a process dies."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from adapters.sdk.errors import RateLimited, Unavailable
from gateway.alerts.channels import channel
from gateway.alerts.channels.line import Line, Message
from gateway.alerts.channels.slack import LONGEST, escaped
from gateway.alerts.configuration import alert_definitions
from gateway.alerts.delivery import HELD, PATIENCE
from gateway.alerts.steering import Steering
from gateway.domain.incidents import NoticeKind
from gateway.store.repository import definitions, notifications
from tests.alerts.slack_server import CHANNEL, Slack, slack_serving
from tests.alerts.test_channels import SECRET, message
from tests.alerts.test_delivery import Office
from tests.store.conftest import database

__all__ = ["database"]

NOW = datetime(2026, 5, 5, 7, tzinfo=UTC)


@pytest.fixture
def slack() -> Iterator[Slack]:
    with slack_serving() as slack:
        slack.now = NOW.timestamp() + 30
        yield slack


@pytest.fixture(autouse=True)
def secret(monkeypatch):
    monkeypatch.setenv("SLACK_TOKEN", SECRET)


async def send(slack: Slack, told: Message, to: str = CHANNEL) -> dict[str, Any]:
    found = channel("slack")
    given = {"token": "env:SLACK_TOKEN", "channel": to, "api_url": slack.url}
    async with Line("chat", lambda: NOW, timeout=5) as line:
        return dict(await found.send(found.options.model_validate(given), told, line))


def again(told: Message) -> Message:
    return replace(told, may_be_there=True)


def buttons(posted: dict[str, Any]) -> list[tuple[str, str]]:
    (attachment,) = posted["attachments"]
    blocks = [one for one in attachment["blocks"] if one["type"] == "actions"]
    return [(each["text"]["text"], each["url"]) for one in blocks for each in one["elements"]]


async def test_an_open_incident_can_be_acknowledged_from_its_message_until_somebody_has(slack):
    thread = await send(slack, message())
    (root,) = slack.roots
    assert buttons(root) == [("Acknowledge", "https://podium.example.com/incidents/7?acknowledge")]
    await send(slack, message(NoticeKind.ACKNOWLEDGED, thread))
    assert buttons(root) == []
    assert root["text"] == "Acknowledged: airflow/&lt;ingest&gt; failed (run 7)"
    await send(slack, message(NoticeKind.RESOLVED, thread))
    assert buttons(root) == []
    assert [one["text"].split("\n")[0][:9] for one in slack.replies] == ["Acknowled", "Resolved:"]


async def test_without_an_address_of_podium_there_is_no_button(slack):
    await send(slack, message(public_url=None))
    assert buttons(slack.roots[0]) == []


async def test_a_message_whose_answer_was_lost_is_found_and_not_posted_again(slack):
    slack.lost = ["chat.postMessage"]
    with pytest.raises(Unavailable):
        await send(slack, message())
    slack.chatter(450)
    thread = await send(slack, again(message()))
    assert len([one for one in slack.roots if "metadata" in one]) == 1
    assert thread == {"channel": CHANNEL, "ts": slack.roots[0]["ts"]}
    assert slack.methods == ["chat.postMessage", *["conversations.history"] * 3]


async def test_what_was_never_taken_is_posted_at_the_next_attempt(slack):
    await send(slack, again(message()))
    assert slack.methods == ["conversations.history", "chat.postMessage"]
    assert len(slack.roots) == 1


async def test_a_message_of_another_podium_with_the_same_key_is_not_taken_for_ours(slack):
    await send(slack, replace(message(), at=NOW - timedelta(minutes=5)))
    await send(slack, again(message()))
    assert len(slack.roots) == 2


async def test_a_line_in_the_thread_whose_answer_was_lost_is_not_written_again(slack):
    thread = await send(slack, message())
    slack.lost = ["chat.postMessage"]
    with pytest.raises(Unavailable):
        await send(slack, message(NoticeKind.RESOLVED, thread))
    assert await send(slack, again(message(NoticeKind.RESOLVED, thread))) == thread
    assert (len(slack.roots), len(slack.replies)) == (1, 1)
    assert slack.methods[-2:] == ["chat.update", "conversations.replies"]
    assert slack.roots[0]["metadata"]["event_payload"]["key"] == message().key, "an update keeps it"


@pytest.mark.parametrize("to", [CHANNEL, "#data"], ids=["no right to read", "a name in place of an ID"])
async def test_where_slack_does_not_let_us_look_it_is_posted_rather_than_lost(slack, to):
    if to == CHANNEL:
        slack.scopes = {"chat:write"}
    slack.lost = ["chat.postMessage"]
    with pytest.raises(Unavailable):
        await send(slack, message(), to)
    thread = await send(slack, again(message()), to)
    assert len(slack.roots) == 2
    assert thread == {"channel": CHANNEL, "ts": slack.roots[-1]["ts"]}


@pytest.mark.parametrize(("error", "kind"), [("ratelimited", RateLimited), ("internal_error", Unavailable)])
async def test_a_look_that_can_be_taken_later_is_waited_for(slack, error, kind):
    slack.refusals = [("conversations.history", error)]
    with pytest.raises(kind):
        await send(slack, again(message()))
    assert slack.messages == []


@pytest.mark.parametrize("error", ["message_not_found", "cant_update_message", "edit_window_closed"])
async def test_a_message_that_cannot_be_changed_any_more_is_followed_by_a_new_one(slack, error):
    thread = await send(slack, message())
    slack.refusals = [("chat.update", error)]
    fresh = await send(slack, message(NoticeKind.RESOLVED, thread))
    assert fresh == {"channel": CHANNEL, "ts": slack.roots[1]["ts"]}
    assert slack.roots[1]["text"].startswith("Resolved:")
    assert slack.replies == []


async def test_a_missing_right_is_named(slack):
    slack.scopes = set()
    with pytest.raises(Exception, match=r"missing_scope. Check the token and its scopes \(chat:write\)"):
        await send(slack, message())


@pytest.mark.parametrize(
    ("text", "longest", "expected"),
    [
        ("a<b&c>", 100, "a&lt;b&amp;c&gt;"),
        ("abcdef", 6, "abcdef"),
        ("abcdefg", 6, "abcde…"),
        ("&&", 9, "&amp;…"),
        ("&&", 10, "&amp;&amp;"),
        ("<" * 1000, LONGEST, "&lt;" * 749 + "…"),
    ],
)
def test_a_text_is_cut_between_two_characters(text, longest, expected):
    assert escaped(text, longest) == expected


class SlackOffice(Office):
    """An outbox that leads to Slack."""

    async def open(self) -> None:
        chat = {"token": "env:SLACK_TOKEN", "channel": CHANNEL, "api_url": self.inbox.url}
        section = {"receivers": [{"name": "chat", "slack": chat}], "route": {"receiver": "chat"}}
        async with self.database.write() as session:
            for one in alert_definitions(section)[0]:
                await definitions.save(session, one)


@pytest.fixture
async def office(database, slack) -> SlackOffice:
    office = SlackOffice(database, slack)
    await office.open()
    return office


async def test_a_process_that_dies_before_it_writes_down_what_slack_has_taken(office, slack):
    """The next one finds the message, and keeps it up to date."""
    await office.put(NoticeKind.OPENED, NoticeKind.RESOLVED, receiver="chat")
    async with office.database.write() as session:
        claimed = await notifications.claim(session, 1, office.now, HELD)
    assert claimed is not None
    key = {"event_type": "podium_notification", "event_payload": {"key": claimed.key, "at": office.now.isoformat()}}
    slack.answer("chat.postMessage", {"channel": CHANNEL, "text": "x", "metadata": key}, f"Bearer {SECRET}")
    office.now += HELD
    await office.empty()
    assert await office.states() == [("SENT", 2), ("SENT", 1)]
    (root,) = slack.roots
    assert root["text"].startswith("Resolved:")
    assert len(slack.replies) == 1


async def test_an_answer_that_is_lost_on_the_way_makes_no_second_message(office, slack):
    slack.lost = ["chat.postMessage"]
    await office.put(NoticeKind.OPENED, receiver="chat")
    await office.empty()
    assert await office.states() == [("PENDING", 1)]
    office.now += timedelta(seconds=10)
    await office.empty()
    assert await office.states() == [("SENT", 2)]
    assert len(slack.roots) == 1


async def test_what_is_sent_again_by_hand_is_looked_for_too(office, slack):
    slack.lost = ["chat.postMessage"]
    slack.refusals = [("conversations.history", "internal_error")]
    await office.put(NoticeKind.OPENED, receiver="chat")
    await office.empty()
    office.now += PATIENCE + timedelta(seconds=1)
    await office.empty()
    assert await office.states() == [("FAILED", 2)]
    await Steering(office.database, office.clock).resend(1)
    await office.empty()
    assert await office.states() == [("SENT", 1)]
    assert len(slack.roots) == 1
