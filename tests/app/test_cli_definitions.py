"""``podium plan``, ``apply``, ``check`` and ``db``: output, exit codes, remedies."""
# ruff: noqa: E501  # a line of output is one line here too

import json
import re
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from inline_snapshot import snapshot

from tests.app.conftest import Podium
from tests.app.metronome_server import Metronome, serving

pytestmark = pytest.mark.usefixtures("metronome")


@pytest.fixture
def beats() -> Iterator[str]:
    """The address of a metronome that can do less than others."""
    with serving(Metronome(can=["TRIGGER", "LOGS"])) as metronome:
        yield metronome.url


def write(text: str, name: str = "podium.yaml") -> Path:
    path = Path(name)
    path.write_text(text, encoding="utf-8")
    return path


def one(name: str = "beat", url: str = "http://beat", password: str = "env:BEAT", extra: str = "") -> str:
    return f"  - {{name: {name}, kind: metronome, url: '{url}', auth: {{password: '{password}'}}{extra}}}\n"


def test_plan_and_apply_tell_what_changes(podium: Podium):
    write("orchestrators:\n" + one("beat") + one("other"))
    planned = podium("plan")
    assert planned.exit_code == 2
    assert planned.out == snapshot(
        """\
+ beat
    kind           metronome
    url            http://beat
    auth.password  env:BEAT
    poll           15s
    backfill       7d
+ other
    kind           metronome
    url            http://beat
    auth.password  env:BEAT
    poll           15s
    backfill       7d
Plan: 2 to create.
"""
    )
    assert podium("apply").out.endswith("Applied: 2 to create.\n")
    again = podium("plan")
    assert (again.exit_code, again.out) == (0, "Nothing to change: the database says what the file says.\n")

    write("orchestrators:\n" + one("beat", "https://beat", extra=", options: {tempo: 60}, poll: 1m"))
    assert podium("plan").out == snapshot(
        """\
~ beat
    url            http://beat → https://beat
    options.tempo  (not set) → 60
    poll           15s → 1m
- other  no longer followed; its history stays
Plan: 1 to change, 1 to remove.
"""
    )
    assert podium("apply").exit_code == 0
    write("orchestrators:\n" + one("beat", "https://beat") + one("other"))
    assert podium("plan").out == snapshot(
        """\
~ beat
    poll           1m → 15s
    options.tempo  60 → (not set)
+ other  comes back, with its history
Plan: 1 to create, 1 to change.
"""
    )


def test_planning_on_a_fresh_machine_leaves_no_schema_behind(podium: Podium):
    write("orchestrators:\n" + one())
    assert podium("plan").exit_code == 2
    assert podium("db", "current").out.startswith("empty (this version needs ")


def test_plan_and_apply_as_json(podium: Podium):
    write("orchestrators:\n" + one())
    planned = podium("plan", "--json")
    assert json.loads(planned.out) == {
        "applied": False,
        "changes": [
            {
                "action": "create",
                "name": "beat",
                "fields": [
                    {"field": "kind", "before": None, "after": "metronome"},
                    {"field": "url", "before": None, "after": "http://beat"},
                    {"field": "auth.password", "before": None, "after": "env:BEAT"},
                    {"field": "poll", "before": None, "after": "15s"},
                    {"field": "backfill", "before": None, "after": "7d"},
                ],
            }
        ],
    }
    assert json.loads(podium("apply", "--json").out)["applied"] is True


def test_the_file_is_the_options_then_the_settings_then_the_one_here(podium: Podium, monkeypatch: pytest.MonkeyPatch):
    none = podium("plan")
    assert (none.exit_code, none.err) == snapshot(
        (2, "podium: there is no podium.yaml in this folder.\nName one with -f FILE or PODIUM_CONFIG.\n")
    )
    write("orchestrators:\n" + one("here"))
    write("orchestrators:\n" + one("set"), "set.yaml")
    write("orchestrators:\n" + one("named"), "named.yaml")
    assert "+ here" in podium("plan").out
    monkeypatch.setenv("PODIUM_CONFIG", "set.yaml")
    assert "+ set" in podium("plan").out
    assert "+ named" in podium("plan", "-f", "named.yaml").out


def test_a_faulty_file_changes_nothing_and_lists_its_faults(podium: Podium):
    write("orchestrators:\n" + one() + "  - {name: b, kind: metronom, url: 'http://b'}\n  - {}\n")
    for command in ("plan", "apply", "check"):
        outcome = podium(command)
        assert (outcome.exit_code, outcome.out) == (1, "")
        assert outcome.err == snapshot(
            """\
podium: podium.yaml has 4 faults:
podium.yaml:3: orchestrators[1].kind: 'metronom' is not a known kind; known kinds are airflow, broken, dagster, forgetful, metronome, prefect (did you mean metronome?).
podium.yaml:4: orchestrators[2].name: is missing; add it.
podium.yaml:4: orchestrators[2].kind: is missing; add it.
podium.yaml:4: orchestrators[2].url: is missing; add it.
"""
        )


def test_check_asks_every_orchestrator_and_tells_what_it_can(
    podium: Podium, beats: str, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("BEAT", "right-password")
    write("orchestrators:\n" + one("beat", beats))
    outcome = podium("check")
    assert outcome.exit_code == 0
    assert re.sub(r"\d+ ms", "N ms", outcome.out) == snapshot(
        """\
✓ beat  metronome 1.2.3  N ms
    can: logs, trigger
    cannot here: cancel, pause, retry, tasks
    ! It runs a little fast: wind it less.
podium.yaml is sound; 1 of 1 connections work.
"""
    )
    report = json.loads(podium("check", "--json").out)[0]
    assert (report["ok"], report["version"], report["missing"]) == (
        True,
        "1.2.3",
        ["CANCEL", "PAUSE", "RETRY", "TASKS"],
    )


def test_check_says_what_is_wrong_with_each_connection(podium: Podium, beats: str, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("BEAT", "wrong-password")
    monkeypatch.setenv("GOOD", "right-password")
    Path("empty").write_text("")
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        silent = f"http://127.0.0.1:{unused.getsockname()[1]}"
        write(
            "orchestrators:\n"
            + one("good", beats, "env:GOOD")
            + one("wrong", beats)
            + one("unset", beats, "env:NOT_SET")
            + one("hollow", beats, "file:empty")
            + one("silent", silent)
        )
        outcome = podium("check")
    assert outcome.exit_code == 1
    told = re.sub(r"\d+ ms", "N ms", outcome.out.replace(beats, "BEATS").replace(silent, "SILENT"))
    assert told == snapshot(
        """\
✓ good  metronome 1.2.3  N ms
    can: logs, trigger
    cannot here: cancel, pause, retry, tasks
    ! It runs a little fast: wind it less.
✗ wrong  metronome
    GET BEATS/version answered 401: {"detail": "wrong password"}. Check the credentials (password from env:BEAT).
✗ unset  metronome
    auth.password: env:NOT_SET is not set; export NOT_SET before starting Podium.
✗ hollow  metronome
    auth.password: file:empty is empty; write the secret into it.
✗ silent  metronome
    GET SILENT/version could not be reached: All connection attempts failed. Check the url and that the server runs.
podium.yaml is sound; 1 of 5 connections work.
"""
    )
    assert "wrong-password" not in outcome.out + outcome.err


def test_db_upgrade_and_current(podium: Podium):
    due = podium("db", "current")
    assert (due.exit_code, due.out[:6]) == (2, "empty ")
    assert podium("db", "upgrade").out.startswith("Upgraded to ")
    assert podium("db", "upgrade").out.endswith(" already.\n")
    done = podium("db", "current", "--json")
    assert done.exit_code == 0
    revisions = json.loads(done.out)
    assert revisions["current"] == revisions["head"]


@pytest.mark.parametrize(
    ("url", "told"),
    [
        (
            "sqlite:////proc/nowhere/podium.sqlite",
            "podium: the database sqlite:////proc/nowhere/podium.sqlite cannot be",
        ),
        ("sqlite://", "podium: A database in memory would lose everything at the end; use sqlite:///PATH."),
        (
            "postgresql://me:hunter22@127.0.0.1:1/db",
            "podium: the database postgresql://me:***@127.0.0.1:1/db cannot be",
        ),
        (
            "mysql://db",
            "podium: --database-url=mysql://db: use sqlite:///PATH or postgresql://USER:PASSWORD@HOST/NAME.",
        ),
    ],
)
def test_a_database_that_cannot_be_used_is_told_in_two_lines(podium: Podium, url: str, told: str):
    outcome = podium("db", "upgrade", "--database-url", url)
    assert outcome.exit_code == 1
    assert outcome.err.startswith(told)
    assert outcome.err.count("\n") <= 2
    assert "hunter22" not in outcome.err
