"""SLAs on the command line, against a running Podium."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

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
slas:
  - {name: waltz-is-quick, pipeline: beat/waltz, kind: duration, limit: 1h, owner: ada}
  - {name: waltz-works, pipeline: beat/waltz, kind: success_rate, target_rate: 0.9, window: 30d, owner: ada}
"""


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Of a Podium that follows a metronome."""
    folder = tmp_path_factory.mktemp("podium")
    install_metronome(folder / "site")
    config = folder / "podium.yaml"
    with playing(Metronome(seconds=0.1)) as metronome:
        config.write_text(FILE.replace("URL", metronome.url))
        with serving(folder, "--config", str(config), BEAT=PASSWORD) as server:
            yield server.url


@pytest.fixture(autouse=True)
def client(url: str, monkeypatch: pytest.MonkeyPatch, podium: Podium) -> None:
    monkeypatch.setenv("PODIUM_URL", url)
    until(podium, ["pipelines"], lambda text: "beat/waltz" in text)


def test_what_was_promised_and_how_it_was_kept(podium: Podium):
    podium("trigger", "beat/waltz", "--wait")
    told = until(podium, ["slas"], lambda text: "MET" in text and "AT_RISK" in text)
    assert [row[:2] for row in rows(told.out)] == [["waltz-is-quick", "MET"], ["waltz-works", "AT_RISK"]]
    (row,) = rows(podium("slas", "--state", "at_risk").out)
    assert row[0] == "waltz-works"
    (row,) = rows(podium("sla", "waltz-is-quick").out)
    assert row[1:3] == ["MET", "done in time"]
    (row,) = rows(podium("adherence", "--by", "orchestrator").out)
    assert row == ["beat", "2", "1", "0", "100%"]
    assert podium("slas", "--state", "missed").err == "There is no such SLA.\n"


def test_how_well_work_gets_done(podium: Podium):
    podium("trigger", "beat/waltz", "--wait")
    until(podium, ["kpis", "--by", "orchestrator"], lambda text: "100%" in text)
    found = rows(podium("kpis", "--by", "pipeline", "--window", "7d").out)
    assert "beat/waltz" in [row[0] for row in found]
    assert podium("kpis", "--window", "7d", "--until", "300d").err == ""
    refused = podium("kpis", "--by", "team")
    assert refused.err == (
        "podium: --by: 'team' is nothing to group by.\nWrite pipeline, owner, orchestrator or total.\n"
    )


def test_a_forecast_is_corrected_and_as_it_was_again(podium: Podium):
    day = f"{datetime.now(UTC) + timedelta(days=9):%Y-%m-%d}"
    made = podium("correct-forecast", "beat/waltz", "--until", f"{day}T00:00:00Z", "--factor", "1.5")
    assert made.out.startswith(f"beat/waltz: takes 1.5 times as long until {day} 00:00 UTC  ")
    (row,) = rows(podium("forecast-corrections").out)
    assert row[:2] == ["beat/waltz", f"takes 1.5 times as long until {day} 00:00 UTC"]
    assert rows(podium("forecast-corrections", "--remove", row[-1]).out) == []


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["sla", "waltz-is-quik"], "podium: There is no SLA 'waltz-is-quik' (did you mean waltz-is-quick?).\n"),
        (["adherence", "--by", "team"], "podium: --by: 'team' is nothing to group by.\n"),
        (
            ["correct-forecast", "beat/waltz", "--until", "3d"],
            "podium: nothing is said of its runs.\nGive --factor, --not-b",
        ),
        (
            ["correct-forecast", "beat/walz", "--until", "3d", "--factor", "2"],
            "podium: input.pipeline: there is no pip",
        ),
        (
            ["correct-forecast", "beat/waltz", "--until", "soon", "--factor", "2"],
            "podium: --until: 'soon' is no time; ",
        ),
    ],
)
def test_what_cannot_be_done_is_told(podium: Podium, arguments, told):
    refused = podium(*arguments)
    assert refused.exit_code in (1, 2)
    assert refused.err.startswith(told)
