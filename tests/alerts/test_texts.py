"""What people read: our words, or a receiver's own; no message is lost for a template's sake."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from structlog.testing import capture_logs

from gateway.alerts.configuration import RECEIVERS, ROUTING, alert_definitions
from gateway.alerts.document import addressed, document, examples
from gateway.alerts.texts import LONGEST_TEXT, LONGEST_TITLE, texts_of
from gateway.alerts.trial import try_receiver
from gateway.domain.incidents import NoticeKind
from gateway.domain.records import Definition
from gateway.store.repository import definitions
from tests.alerts.made_up import DOCUMENTS
from tests.alerts.receiving import Inbox, receiving
from tests.alerts.test_channels import HURT, INCIDENT, NOW, SIGNAL
from tests.alerts.test_delivery import Office
from tests.store.conftest import database

__all__ = ["database"]

OWN = {"title": "[{{ incident.severity }}] {{ event }}", "text": "First line.\n{{ incident.url or 'nowhere' }}"}


def told(kind: NoticeKind = NoticeKind.OPENED, **changes: Any) -> dict[str, Any]:
    changed = replace(INCIDENT, **changes)
    return addressed(document(kind, changed, [SIGNAL], HURT, (), "https://podium.example.com"), "chat", 1, "key")


@pytest.mark.parametrize(
    ("kind", "changes", "title", "first"),
    [
        (NoticeKind.OPENED, {}, "airflow/<ingest> failed (run 7)", "Cause: airflow/<ingest> failed (run 7)"),
        (
            NoticeKind.ESCALATED,
            {},
            "Not acknowledged: airflow/<ingest> failed (run 7)",
            "Cause: airflow/<ingest> failed",
        ),
        (NoticeKind.TEST, {}, "Test: airflow/<ingest> failed (run 7)", "This is a test: nothing is wrong."),
        (
            NoticeKind.RESOLVED,
            {"resolved_at": NOW},
            "Resolved: airflow/<ingest> failed",
            "All is well again since 2026",
        ),
        (
            NoticeKind.RESOLVED,
            {"resolved_at": NOW, "merged_into": 3},
            "Resolved: ",
            "It is a part of podium-incident-3",
        ),
    ],
)
def test_our_words(kind, changes, title, first):
    texts = texts_of(told(kind, **changes), {})
    assert texts.title.startswith(title)
    assert texts.text.split("\n")[0].startswith(first)


def test_a_receiver_s_own_words_see_the_document():
    texts = texts_of(told(), OWN)
    assert texts.title == "[CRITICAL] opened"
    assert texts.text == "First line.\nhttps://podium.example.com/incidents/7"
    assert texts_of(told(), {"title": OWN["title"]}).text == texts_of(told(), {}).text


@pytest.mark.parametrize(
    ("field", "template", "reason"),
    [
        ("title", "{{ incident.owner.name }}", "'owner' is not known"),
        ("title", "{{ '' }}", "it is empty"),
        ("text", "a\n{{ incident.signals[0].labels.team }}", "line 2: 'team' is not known"),
        ("text", "{% if", "line 1: "),
        ("text", "{{ 'x' * (10 ** 100) }}", "OverflowError"),
    ],
)
def test_where_a_template_fails_our_words_are_sent_and_the_log_says_why(field, template, reason):
    with capture_logs() as logs:
        texts = texts_of(told(), {field: template})
    assert texts == texts_of(told(), {})
    (entry,) = logs
    assert (entry["log_level"], entry["receiver"], entry["field"]) == ("warning", "chat", field)
    assert reason in entry["reason"]


@settings(deadline=None)
@given(told=DOCUMENTS)
def test_a_title_is_one_line_and_both_are_so_long_that_they_can_be_sent(told):
    texts = texts_of(told, {"text": "{{ incident.title }}{{ '\\ud800' }}"})
    assert 0 < len(texts.title) <= LONGEST_TITLE
    assert len(texts.title.splitlines()) == 1
    assert len(texts.text) <= LONGEST_TEXT
    assert texts.text.encode().decode() == texts.text, "halves of characters cannot be sent"


def test_our_words_fit_every_event():
    assert all(texts_of(one, {}).title for one in examples())


@pytest.fixture
def inbox() -> Iterator[Inbox]:
    with receiving() as inbox:
        yield inbox


@pytest.fixture(autouse=True)
def hidden(monkeypatch, inbox):
    monkeypatch.setenv("APPRISE", inbox.url.replace("http://", "json://"))
    monkeypatch.setenv("HOOK", inbox.url)


CHANNELS: dict[str, dict[str, Any]] = {
    "slack": {"webhook_url": "env:HOOK"},
    "teams": {"webhook_url": "env:HOOK"},
    "apprise": {"url": "env:APPRISE"},
    "pagerduty": {"routing_key": "env:HOOK"},
}


@pytest.mark.parametrize("name", list(CHANNELS))
async def test_a_test_message_shows_a_receiver_s_own_words(inbox, name):
    where = {"url": inbox.url} if name == "pagerduty" else {}
    made = {"name": "chat", name: {**CHANNELS[name], **where}, "templates": OWN}
    found, faults = alert_definitions({"receivers": [made], "route": {"receiver": "chat"}})
    assert faults == []
    assert await try_receiver(found, "chat", "https://podium.example.com") is None
    (request,) = inbox.requests
    assert "[INFO] test" in request.body.decode()
    assert "https://podium.example.com/incidents/0" in request.body.decode()


async def test_a_template_that_fails_when_it_is_sent_does_not_cost_the_message(database, inbox):
    """What was stored before a check refused it, or what no example shows."""
    office = Office(database, inbox)
    made = {"slack": {"webhook_url": "env:HOOK"}, "templates": {"title": "{{ gone }}", "text": "own text"}}
    async with database.write() as session:
        await definitions.save(session, Definition(RECEIVERS, "chat", made))
        await definitions.save(session, Definition(ROUTING, "rules", {"route": {"receiver": "chat"}}))
    await office.put(NoticeKind.OPENED, receiver="chat")
    await office.empty()
    assert await office.states() == [("SENT", 1)]
    (posted,) = inbox.bodies
    assert posted["text"] == "x failed"
    assert posted["attachments"][0]["blocks"][1]["text"]["text"] == "own text"
