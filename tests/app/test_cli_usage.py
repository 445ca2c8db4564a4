"""How the command line takes what it is given: mistakes, help, and bugs without tracebacks."""

import os
import re
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
from graphql import build_schema, parse, validate
from inline_snapshot import snapshot

from gateway.app.cli import incident_queries, measuring, promise_queries, queries
from gateway.app.cli.output import ago
from tests.app.conftest import Podium

ROOT = Path(__file__).parents[2]


def program(
    *arguments: str, code: str = "from gateway.app.cli import main; main()"
) -> subprocess.CompletedProcess[str]:
    """The real program in a process of its own."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    return subprocess.run(
        [sys.executable, "-c", code, *arguments],
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ("runz", "No such command 'runz'. Did you mean 'runs'?\nSee podium --help."),
        ("runs --bogus", "No such option: --bogus.\nSee podium runs --help."),
        (
            "runs --limit 0",
            "Invalid value for '--limit' / '-n': Input should be greater than or equal to 1.\nSee podium runs --help.",
        ),
        ("runs --since then", "--since: 'then' is no time; write 2h for two hours ago, or 2026-05-01T07:00:00Z."),
        ("trigger ingest", "'ingest' is no pipeline; write ORCHESTRATOR/KEY, as `podium pipelines` lists it."),
        ("trigger a/b -p day", "-p 'day' has no value; write -p NAME=VALUE."),
        ("trigger a/b --timeout 5m", "--timeout goes with --wait."),
        (
            "trigger a/b --wait --timeout 5",
            "--timeout: '5' is not a duration; write it like 30s, 15m, 2h30m, 7d, or in",
        ),
        ("trigger", "Missing argument 'ORCHESTRATOR/KEY'.\nSee podium trigger --help."),
        (
            "demo --only dagstr",
            "--only: 'dagstr' is not in the demo; there are airflow, prefect, dagster (did you mean",
        ),
        ("token create", "Missing option '--name'.\nSee podium token create --help."),
    ],
)
def test_a_mistake_is_told_in_a_line_or_two_with_exit_code_2(podium: Podium, arguments: str, told: str):
    outcome = podium(*arguments.split())
    assert (outcome.exit_code, outcome.out) == (2, "")
    assert outcome.err.startswith(f"podium: {told}")
    assert outcome.err.count("\n") <= 2


def test_a_wrong_setting_is_told_by_every_command(podium: Podium, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("PODIUM_PORT", "many")
    for command in (["runs"], ["plan"], ["token", "list"], ["serve"]):
        outcome = podium(*command)
        assert (outcome.exit_code, outcome.err) == (1, "podium: PODIUM_PORT=many: use a number from 0 to 65535.\n")


def test_without_a_server_the_remedy_names_how_to_have_one(podium: Podium, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("PODIUM_URL", "http://127.0.0.1:1")
    outcome = podium("runs")
    assert outcome.exit_code == 1
    assert outcome.err == snapshot(
        """\
podium: Podium does not answer at http://127.0.0.1:1 (Connection refused).
Start it with `podium serve`, or set PODIUM_URL to where it runs.
"""
    )


def test_version(podium: Podium):
    assert re.fullmatch(r"podium \d+\.\d+\.\d+\n", podium("--version").out)


ASKED = [
    *(("tests/contract/schema.graphql", document) for document in queries.DOCUMENTS),
    *(
        ("gateway/api/graphql/schema.graphql", document)
        for document in (
            *queries.EXTENSIONS,
            *promise_queries.EXTENSIONS,
            *incident_queries.EXTENSIONS,
            *measuring.EXTENSIONS,
        )
    ),
]


@pytest.mark.parametrize(("schema", "document"), ASKED, ids=[document.split()[1] for _, document in ASKED])
def test_what_the_command_line_asks_is_in_the_public_contract_or_goes_beyond_it(schema: str, document: str):
    assert validate(build_schema((ROOT / schema).read_text(encoding="utf-8")), parse(document)) == []


def test_help_imports_no_part_that_only_a_running_command_needs():
    code = (
        "import sys; sys.argv = ['podium', '--help']\n"
        "from gateway.app.cli.entry import run; run(['--help'])\n"
        "print(sorted({name.partition('.')[0] for name in sys.modules}), file=sys.stderr)"
    )
    loaded = program(code=code).stderr
    for heavy in ("pydantic", "httpx", "sqlalchemy", "fastapi", "strawberry", "uvicorn", "ruamel", "alembic"):
        assert f"'{heavy}'" not in loaded


BUG = """
import sys
from gateway.app.cli import main, reading
reading._client = lambda: {}["a bug"]
main()
"""


def test_a_bug_is_told_without_a_traceback_unless_asked_for():
    quiet = program("runs", code=BUG)
    assert quiet.returncode == 1
    assert quiet.stderr == snapshot(
        """\
podium: this is a bug in Podium: KeyError: 'a bug'
Run the command again with --debug for the details, and please report them.
"""
    )
    loud = program("runs", "--debug", code=BUG)
    assert loud.returncode == 1
    assert "Traceback (most recent call last)" in loud.stderr


def test_a_reader_that_goes_away_is_no_fault_of_the_writer():
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    piped = subprocess.run(
        f"{sys.executable} -m gateway.app.cli schema | head -c 1",
        shell=True,
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert len(piped.stdout) == 1
    assert piped.stderr == ""


@pytest.mark.parametrize(
    ("instant", "shown"),
    [
        ("2026-05-01T11:59:19Z", "41s ago"),
        ("2026-05-01T11:56:48Z", "3m12s ago"),
        ("2026-05-01T09:54:48Z", "2h5m ago"),
        ("2026-04-30T05:54:48Z", "1d6h ago"),
        ("2026-04-20T05:54:48+02:00", "2026-04-20 03:54"),
        ("2026-05-01T14:30:00Z", "in 2h30m"),
        ("2026-05-01T12:00:00Z", "0s ago"),
        (None, "-"),
    ],
)
def test_times_are_shown_as_people_tell_them(instant: str | None, shown: str):
    assert ago(instant, datetime(2026, 5, 1, 12, tzinfo=UTC)) == shown
