"""Dependencies on the command line, against a running Podium."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.app.conftest import Podium, install_metronome
from tests.app.metronome_server import PASSWORD, Metronome
from tests.app.metronome_server import serving as playing
from tests.app.server import serving
from tests.app.test_cli_client import rows, until

pytestmark = pytest.mark.slow
FILE = """\
orchestrators:
  - {name: beat, kind: metronome, url: "URL", auth: {password: env:BEAT}, poll: 1s}
dependencies:
  - name: slow-after-waltz
    keyed_by: day
    upstream: [beat/waltz, {pipeline: beat/silence, states: [success, skipped]}]
    target: beat/march/slow
    parameters: {day: "{{ key }}"}
"""


@pytest.fixture
def beat(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Metronome]:
    install_metronome(tmp_path / "site")
    config = tmp_path / "podium.yaml"
    with playing(Metronome(seconds=0.1)) as metronome:
        config.write_text(FILE.replace("URL", metronome.url))
        with serving(tmp_path, "--config", str(config), BEAT=PASSWORD) as server:
            monkeypatch.setenv("PODIUM_URL", server.url)
            yield metronome


def test_the_story_of_one_key(podium: Podium, beat: Metronome):
    assert podium("firings").err == "No firings.\n"
    (row,) = rows(podium("dependencies").out)
    assert row == ["slow-after-waltz", "all of (beat/waltz, beat/silence)", "beat/march/slow", "day", "-", "-"]
    until(podium, ["pipelines"], lambda text: "beat/march/slow" in text)

    fired = podium("fire", "slow-after-waltz", "2026-05-01")
    assert fired.exit_code == 0
    assert fired.out.startswith("slow-after-waltz 2026-05-01 is READY  ")
    identity = fired.out.split()[-1]
    told = until(
        podium, ["firings", "-d", "slow-after-waltz", "--state", "succeeded"], lambda text: "SUCCEEDED" in text
    )
    (row,) = rows(told.out)
    assert (row[0], row[1], row[2], row[4], row[5]) == (
        "slow-after-waltz",
        "2026-05-01",
        "SUCCEEDED",
        "0 of 2",
        "its run succeeded",
    )
    assert beat.runs["slow-after-waltz.2026-05-01.1"].parameters == {"day": "2026-05-01"}

    again = podium("fire", "slow-after-waltz", "2026-05-01")
    assert (again.exit_code, again.err) == (
        1,
        "podium: slow-after-waltz 2026-05-01 is SUCCEEDED already.\nSee its run.\n",
    )
    for command in ("refire", "unfire"):
        refused = podium(command, identity)
        assert refused.exit_code == 1
        assert refused.err.startswith("podium: It is SUCCEEDED; only what ")


def test_what_it_still_waits_for_is_said(podium: Podium, beat: Metronome):
    until(podium, ["pipelines"], lambda text: "beat/waltz" in text)
    podium("trigger", "beat/waltz", "--wait")
    told = until(podium, ["firings"], lambda text: "WAITING" in text)
    (row,) = rows(told.out)
    assert (row[2], row[4], row[5]) == ("WAITING", "1 of 2", "waits for beat/silence")
    cancelled = podium("unfire", row[-1])
    assert "is CANCELLED" in cancelled.out


def test_a_name_that_is_not_there_is_answered_with_the_nearest(podium: Podium, beat: Metronome):
    for arguments in (("fire", "slow-after-walz", "2026-05-01"), ("firings", "--dependency", "slow-after-walz")):
        refused = podium(*arguments)
        assert refused.exit_code == 1
        assert refused.err == (
            "podium: There is no dependency 'slow-after-walz' (did you mean slow-after-waltz?).\n"
            "`podium dependencies` lists them.\n"
        )
    assert podium("fire", "slow-after-waltz", "May 1st").err == (
        "podium: key: 'May 1st' names no day in UTC; write it like 2026-05-01.\n"
    )


def test_a_stretch_of_days_is_backfilled_while_the_dependency_is_paused_and_after(podium: Podium, beat: Metronome):
    until(podium, ["pipelines"], lambda text: "beat/march/slow" in text)
    assert podium("pause-dependency", "slow-after-waltz").out == "slow-after-waltz is paused\n"
    (row,) = rows(podium("dependencies").out)
    assert row[3] == "day, paused"
    made = podium("backfill", "slow-after-waltz", "2026-05-01", "2026-05-03", "--at-once", "2")
    assert [line.split()[1:4] for line in made.out.splitlines()] == [
        [f"2026-05-0{day}", "is", "READY"] for day in (1, 2, 3)
    ]
    assert podium("unpause-dependency", "slow-after-waltz").out == "slow-after-waltz is on\n"
    until(podium, ["firings", "--state", "succeeded"], lambda text: text.count("SUCCEEDED") == 3)
    again = podium("backfill", "slow-after-waltz", "2026-05-01", "2026-05-03")
    assert (again.exit_code, again.err) == (0, "Each of these keys has fired already.\n")
    assert len([run for run in beat.runs.values() if run.pipeline == "march/slow"]) == 3
