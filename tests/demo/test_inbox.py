"""Whoever is on call in the demo sees what Podium tells."""

import io

import httpx
import pytest
from rich.console import Console

from gateway.app.demo.inbox import Inbox
from gateway.domain.incidents import NoticeKind
from tests.alerts.test_channels import message


@pytest.fixture
def inbox():
    output = io.StringIO()
    inbox = Inbox(0, Console(file=output, width=100))
    inbox.start()
    yield inbox, output
    inbox.stop()


def test_a_message_is_shown_in_the_terminal_and_on_the_page(inbox):
    server, output = inbox
    assert "Nobody has been told" in httpx.get(server.url).text
    httpx.post(server.url, json=dict(message().document)).raise_for_status()
    httpx.post(server.url, json=dict(message(NoticeKind.RESOLVED).document)).raise_for_status()
    shown = output.getvalue()
    assert "opened       airflow/<ingest> failed (run 7)" in shown
    assert "hurts dagster/marts" in shown
    page = httpx.get(server.url).text
    assert page.index("<b>resolved</b> airflow/&lt;ingest&gt;") < page.index("<b>opened</b>")


def test_what_is_no_message_is_refused(inbox):
    server, output = inbox
    assert httpx.post(server.url, content=b"hello").status_code == 400
    assert output.getvalue() == ""
