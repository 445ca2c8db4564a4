"""The commands that talk to a running Podium, against a real one that follows a (made-up) orchestrator."""

import json
import re
import time
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from inline_snapshot import snapshot

from tests.app.conftest import Outcome, Podium, install_metronome
from tests.app.metronome_server import PASSWORD, Metronome
from tests.app.metronome_server import serving as playing
from tests.app.server import serving
from tests.lineage.made import dataset, run_event

pytestmark = pytest.mark.slow
FILE = """\
orchestrators:
  - {name: beat, kind: metronome, url: "URL", auth: {password: env:BEAT}, poll: 1s}
  - {name: lost, kind: metronome, url: "http://127.0.0.1:1", auth: {password: env:BEAT}, poll: 1s}
"""


@dataclass(frozen=True)
class Followed:
    metronome: Metronome
    podium_url: str


@contextmanager
def following(folder: Path) -> Generator[Followed]:
    """A Podium that follows a metronome, and one that is not there."""
    install_metronome(folder / "site")
    config = folder / "podium.yaml"
    with playing(Metronome()) as metronome:
        config.write_text(FILE.replace("URL", metronome.url))
        with serving(folder, "--config", str(config), BEAT=PASSWORD) as server:
            yield Followed(metronome, server.url)


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Followed]:
    with following(tmp_path_factory.mktemp("podium")) as followed:
        yield followed


@pytest.fixture
def beat(shared: Followed, monkeypatch: pytest.MonkeyPatch, podium: Podium) -> Metronome:
    """The metronome that Podium follows; PODIUM_URL leads to that Podium, which has seen both."""
    monkeypatch.setenv("PODIUM_URL", shared.podium_url)
    until(podium, ["orchestrators", "--json"], lambda text: '"HEALTHY"' in text and '"UNREACHABLE"' in text)
    until(podium, ["pipelines"], lambda text: "beat/waltz" in text)
    return shared.metronome


def until(podium: Podium, arguments: list[str], holds: Callable[[str], bool], seconds: float = 60) -> Outcome:
    deadline = time.monotonic() + seconds
    while not holds((outcome := podium(*arguments)).out):
        assert time.monotonic() < deadline, outcome
        time.sleep(0.1)
    return outcome


def rows(text: str) -> list[list[str]]:
    """The cells of a printed table, without its header and ruler."""
    return [re.split(r"\s{2,}", line.strip()) for line in text.splitlines()[2:] if line.strip()]


def test_the_story_of_one_run(podium: Podium, beat: Metronome):
    triggered = podium("trigger", "beat/waltz", "-p", "bars=3", "-p", "name=blue danube", "--wait", "--timeout", "30s")
    assert triggered.exit_code == 0
    first, link = triggered.out.splitlines()
    identity, pipeline, external, state = first.split("  ")
    assert (pipeline, state, link) == ("beat/waltz", "RUNNING", f"{beat.url}/play/{external}")
    assert re.fullmatch(r"SUCCESS after \d+(ms|s)?\n", triggered.err)
    assert beat.runs[external].parameters == {"bars": 3, "name": "blue danube"}

    (row,) = [row for row in rows(podium("runs").out) if row[-1] == identity]
    assert (row[0], row[1], row[4], row[5]) == ("beat/waltz", "SUCCESS", "api", external)
    listed = podium("runs", "--pipeline", "beat/waltz", "--state", "success", "--since", "1h", "--json").out
    (run,) = [run for run in json.loads(listed) if run["id"] == identity]
    assert (run["state"], run["nativeState"]) == ("SUCCESS", "done")
    assert identity not in podium("runs", "--state", "failed").out
    logs = podium("logs", identity, "--task", "tick", "--tail", "2")
    assert logs.out == "── tick, attempt 1: SUCCESS\ntick 4\ntick 5\n"


def test_a_run_that_fails_ends_the_waiting_with_exit_code_1_and_a_retry_mends_it(podium: Podium, beat: Metronome):
    failed = podium("trigger", "beat/waltz", "-p", "fail=true", "--wait", "--json")
    assert failed.exit_code == 1
    run = json.loads(failed.out)
    assert run["state"] == "FAILED"
    mended = podium("retry", run["id"], "--wait")
    assert mended.exit_code == 0
    assert "SUCCESS" in mended.err
    assert beat.runs[run["externalId"]].attempt == 2


def test_one_key_makes_one_run(podium: Podium, beat: Metronome):
    calls = [podium("trigger", "beat/waltz", "--idempotency-key", "day-1", "--json") for _ in range(2)]
    assert [call.exit_code for call in calls] == [0, 0]
    assert len({json.loads(call.out)["id"] for call in calls}) == 1
    assert "day-1" in beat.runs


def test_waiting_can_be_given_up_and_the_run_cancelled(podium: Podium, beat: Metronome):
    waiting = podium("trigger", "beat/march/slow", "-p", "hold=true", "--wait", "--timeout", "2s")
    assert waiting.exit_code == 1
    assert waiting.err == "podium: the run is still RUNNING after 2s.\nIt goes on: `podium runs`.\n"
    identity = waiting.out.split()[0]
    assert podium("cancel", identity).exit_code == 0
    until(podium, ["runs"], lambda text: "CANCELLED" in text)
    again = podium("cancel", identity)
    assert again.exit_code == 1
    assert again.err.startswith("podium: ")


def test_pause_and_unpause(podium: Podium, beat: Metronome):
    assert podium("pause", "beat/march/slow").out == "beat/march/slow is paused.\n"
    assert beat.paused["march/slow"] is True
    assert "beat/march/slow" in podium("pipelines", "--paused").out
    assert podium("unpause", "beat/march/slow").out == "beat/march/slow is not paused.\n"
    assert beat.paused["march/slow"] is False


def test_tables_for_people(podium: Podium, beat: Metronome):
    (beat_row, lost_row, reason) = rows(podium("orchestrators").out)
    assert beat_row[:4] == ["beat", "metronome", "1.2.3", "HEALTHY"]
    assert lost_row[:4] == ["lost", "metronome", "-", "UNREACHABLE"]
    assert reason[0].startswith("lost: GET http://127.0.0.1:1/version could not be reached")
    listed = podium("pipelines", "--orchestrator", "beat", "--search", "a", "--limit", "1")
    assert rows(listed.out)[0][0] == "beat/march/slow"
    assert listed.err == "There are more pipelines; show them with a higher --limit.\n"
    assert podium("pipelines", "--tag", "painting").err == "No pipelines.\n"


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (
            "trigger beat/walz",
            "beat has no pipeline 'walz' (did you mean waltz?).\nSee `podium pipelines --orchestrator beat`.",
        ),
        ("pause bea/waltz", "there is no orchestrator 'bea' (did you mean beat?).\nSee `podium orchestrators`."),
        ("trigger beat/waltz -p tempo=wrong", "beat: POST "),
    ],
)
def test_what_is_not_there_is_told_with_what_is(podium: Podium, beat: Metronome, arguments: str, told: str):
    outcome = podium(*arguments.split())
    assert outcome.exit_code == 1
    assert outcome.err.startswith(f"podium: {told}")
    assert outcome.err.count("\n") <= 2


def test_what_needs_a_token_and_a_role_says_so(tmp_path: Path, podium: Podium, monkeypatch: pytest.MonkeyPatch):
    """On a Podium of its own, because from the first token on everybody needs one."""
    token = podium("token", "create", "--name", "reader", "--role", "viewer").out.strip()
    with following(tmp_path) as followed:
        monkeypatch.setenv("PODIUM_URL", followed.podium_url)
        closed = podium("orchestrators")
        monkeypatch.setenv("PODIUM_TOKEN", token)
        until(podium, ["pipelines"], lambda text: "beat/waltz" in text)
        forbidden = podium("trigger", "beat/waltz")
        monkeypatch.setenv("PODIUM_TOKEN", token[:-4] + "0000")
        wrong = podium("orchestrators")
    assert [outcome.exit_code for outcome in (closed, forbidden, wrong)] == [1, 1, 1]
    assert closed.err.replace(followed.podium_url, "URL") == snapshot(
        """\
podium: URL wants to know who asks: This needs a token.
Set PODIUM_TOKEN; a token is made where Podium runs, with `podium token create`.
"""
    )
    assert forbidden.err == snapshot(
        """\
podium: This needs the role operator; reader is viewer.
Use a token with the role operator: podium token create --role operator.
"""
    )
    assert wrong.err.replace(followed.podium_url, "URL") == snapshot(
        """\
podium: URL does not accept the token in PODIUM_TOKEN: The token is not valid.
It may be revoked: podium token list, podium token create.
"""
    )


def test_lineage_is_drawn_as_a_tree(podium: Podium, shared: Followed, beat: Metronome):
    steps = (("raw", "clean", "orders"), ("orders", "sum", "totals"))
    events = [
        run_event("COMPLETE", job=job, run=job, inputs=[dataset(one)], outputs=[dataset(other)])
        for one, job, other in steps
    ]
    answer = httpx.post(f"{shared.podium_url}/api/v1/lineage/batch", json=events)
    assert answer.json()["status"] == "success"
    told = until(podium, ["lineage", "totals"], lambda text: "raw" in text)
    assert told.out == snapshot(
        """\
totals is made from
└── sum (success)
    └── orders
        └── clean (success)
            └── raw
totals goes into
└── nothing that is known
"""
    )
    assert podium("lineage", "raw", "--downstream", "--depth", "2").out == snapshot(
        """\
raw goes into
└── clean (success)
    └── orders
"""
    )
    assert json.loads(podium("lineage", "postgres://db:5432 raw", "--json").out)["truncated"] is False
    unknown = podium("lineage", "tota")
    assert (unknown.exit_code, unknown.err) == snapshot(
        (
            1,
            """\
podium: there is no dataset, job or pipeline 'tota'; the nearest are 'postgres://db:5432 totals'.
See `podium pipelines`, or search in the UI.
""",
        )
    )
    assert podium("lineage", "beat/waltz").out == snapshot(
        """\
beat/waltz is made from
└── nothing that is known
beat/waltz goes into
└── nothing that is known
"""
    )
    assert podium("lineage", "raw", "-u", "-d").exit_code == 2


def test_which_names_mean_one_dataset(podium: Podium, shared: Followed, beat: Metronome):
    event = run_event("COMPLETE", job="export", run="e", outputs=[dataset("/daily/", "s3a://lake"), dataset("plain")])
    httpx.post(f"{shared.podium_url}/api/v1/lineage", json=event).raise_for_status()
    assert until(podium, ["names"], lambda text: "daily" in text).out == snapshot("""\
DATASET           NAME                 MEANS             BECAUSE                                      \n\
──────────────────────────────────────────────────────────────────────────────────────────────────────
s3://lake daily   s3a://lake /daily/   s3://lake daily   s3a is s3; slashes around a path mean nothing
""")
    assert json.loads(podium("names", "/daily/", "--json").out)[0]["name"] == "daily"
    assert podium("names", "plain").err == snapshot("plain has one name only.\n")
    assert podium("names", "export").err == snapshot("""\
podium: 'export' is not a dataset.
Only datasets have several names; see `podium names`.
""")
