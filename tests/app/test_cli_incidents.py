"""Incidents on the command line, against a running Podium that tells a real receiver."""

from collections.abc import Iterator

import pytest

from tests.alerts.receiving import Inbox, receiving
from tests.app.conftest import Podium, install_metronome
from tests.app.metronome_server import PASSWORD, Metronome
from tests.app.metronome_server import serving as playing
from tests.app.server import serving
from tests.app.test_cli_client import rows, until

pytestmark = pytest.mark.slow
FILE = """\
orchestrators:
  - {name: beat, kind: metronome, url: "URL", auth: {password: env:BEAT}, poll: 1s}
alerts:
  receivers:
    - {name: hook, webhook: {url: "INBOX"}}
    - {name: nobody, webhook: {url: "http://127.0.0.1:1/"}}
    - {name: secretive, webhook: {url: "INBOX", secret: env:NOT_SET}}
  route: {receiver: hook, group_wait: 1s}
"""


@pytest.fixture(scope="module")
def inbox() -> Iterator[Inbox]:
    with receiving() as inbox:
        yield inbox


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory, inbox: Inbox) -> Iterator[tuple[str, str]]:
    """(podium.yaml, URL of the Podium that serves it)."""
    folder = tmp_path_factory.mktemp("podium")
    install_metronome(folder / "site")
    config = folder / "podium.yaml"
    with playing(Metronome(seconds=0.1)) as metronome:
        config.write_text(FILE.replace("URL", metronome.url).replace("INBOX", inbox.url))
        with serving(folder, "--config", str(config), BEAT=PASSWORD) as server:
            yield str(config), server.url


@pytest.fixture(autouse=True)
def client(file: tuple[str, str], monkeypatch: pytest.MonkeyPatch, podium: Podium, metronome: None) -> None:
    monkeypatch.setenv("PODIUM_URL", file[1])
    monkeypatch.setenv("PODIUM_CONFIG", file[0])
    monkeypatch.setenv("BEAT", PASSWORD)
    until(podium, ["pipelines"], lambda text: "beat/waltz" in text)


def test_the_story_of_one_incident(podium: Podium, inbox: Inbox):
    assert podium("incidents").err == "There has been no incident.\n"
    podium("trigger", "beat/waltz", "-p", "fail=true", "--wait")
    told = until(podium, ["incidents"], lambda text: "OPEN" in text)
    (row,) = rows(told.out)
    assert row[1:3] == ["OPEN", "error"]
    assert row[-1].startswith("beat/waltz failed (run ")
    until(podium, ["incident", row[0]], lambda text: "SENT" in text)
    shown = podium("incident", row[0]).out
    assert "Cause: beat/waltz failed (run " in shown
    assert "Hurts pipelines: beat/waltz" in shown
    assert [event for event, _ in inbox.told()] == ["opened"]
    assert podium("acknowledge", row[0], "--comment", "I see.").err.endswith(": acknowledged\n")
    until(podium, ["incident", row[0], "--json"], lambda text: text.count('"SENT"') == 2)
    assert podium("resolve", row[0]).err.endswith(": resolved\n")
    until(podium, ["incident", row[0], "--json"], lambda text: text.count('"SENT"') == 3)
    assert [event for event, _ in inbox.told()] == ["opened", "acknowledged", "resolved"]
    again = podium("resolve", row[0])
    assert (again.exit_code, again.err) == (1, "podium: This incident is resolved already.\n")
    assert rows(podium("incidents", "--state", "open").out) == []


def test_something_is_silenced_and_not_any_more(podium: Podium):
    assert podium("silences").err == "Nothing is silenced.\n"
    made = podium("silence", 'pipeline=~"march.*"', "orchestrator=beat", "--for", "2h", "--comment", "moving")
    assert made.exit_code == 0
    (row,) = rows(podium("silences").out)
    assert row[1] == 'pipeline=~"march.*" orchestrator="beat"'
    assert podium("silences", "--expire", row[0]).err == "It has ended.\n"
    assert podium("silences").err == "Nothing is silenced.\n"
    refused = podium("silence", "pipeline", "--for", "2h", "--comment", "x")
    assert (refused.exit_code, refused.err) == (
        2,
        'podium: \'pipeline\' is no matcher; write it like severity="critical" or owner=~"finance.*".\n',
    )


def test_a_receiver_is_tried(podium: Podium, inbox: Inbox):
    before = len(inbox.requests)
    assert podium("alerts", "test", "hook").err == "hook has taken it.\n"
    assert inbox.told()[before:] == [("test", "Podium can reach you.")]


@pytest.mark.parametrize(
    ("receiver", "told"),
    [
        ("hok", "podium: There is no receiver 'hok' (did you mean hook?)."),
        ("nobody", "podium: nobody did not take it: nobody: POST http://127.0.0.1:1/ could not be reached"),
        ("secretive", "podium: secretive did not take it: env:NOT_SET is not set; export NOT_SET"),
    ],
)
def test_why_a_receiver_cannot_be_told(podium: Podium, receiver, told):
    refused = podium("alerts", "test", receiver)
    assert refused.exit_code == 1
    assert refused.err.startswith(told)


def test_what_is_not_there_is_told(podium: Podium):
    assert podium("incident", "999").err == "podium: There is no incident 999.\n`podium incidents` lists them.\n"
    assert podium("alerts", "failed").err == "Every notification has been taken, or is still being tried.\n"
