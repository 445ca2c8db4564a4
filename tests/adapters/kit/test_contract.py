"""The contract itself: a small third party's adapter keeps it, and careless ones are found out."""

import subprocess
import sys
from collections.abc import Generator

import pytest

from adapters.sdk.contract import EPOCH, AdapterContract, Start, Subject
from tests.app.metronome_server import PASSWORD, Metronome, serving
from tests.house.source import ROOT


def subject_of(url: str, kind: str = "metronome") -> Subject:
    return Subject(
        kind=kind,
        url=url,
        auth={"password": "env:CONTRACT_SECRET"},
        secret=PASSWORD,
        quick=Start("waltz"),
        failing=Start("waltz", {"fail": True}),
        complaint="the spring broke",
        lasting=Start("waltz", {"hold": True}),
        scheduled="march/slow",
        state_field="state",
        start_field="started",
        times=EPOCH,
    )


@pytest.mark.slow
class TestMetronome(AdapterContract):
    @pytest.fixture(scope="class")
    @classmethod
    def subject(cls, site: object) -> Generator[Subject]:
        with serving(Metronome()) as metronome:
            yield subject_of(metronome.url)


SUITE = """
import pytest
from adapters.sdk.contract import AdapterContract, Subject
from tests.adapters.kit.test_contract import subject_of

class TestCareless(AdapterContract):
    @pytest.fixture(scope="class")
    @classmethod
    def subject(cls) -> Subject:
        return subject_of({url!r}, {kind!r})
"""


@pytest.mark.slow
@pytest.mark.parametrize(
    ("kind", "found_by"),
    [
        ("hurried", "test_a_lasting_fault"),
        ("forgetful", "test_an_answer_that_is_lost_makes_no_second_run"),
        ("trusting", "test_an_unknown_state"),
        ("talkative", "test_wrong_credentials"),
        ("vague", "test_a_fault_from_the_beginning"),
        ("stubborn", "test_a_pushed_message_that_says_nothing"),
    ],
)
def test_a_careless_adapter_is_found_out(site, tmp_path, kind, found_by):
    suite = tmp_path / "test_careless.py"
    with serving(Metronome()) as metronome:
        suite.write_text(SUITE.format(url=metronome.url, kind=kind))
        command = [sys.executable, "-m", "pytest", str(suite), "-q", "-k", found_by, "-p", "no:cacheprovider"]
        done = subprocess.run(
            [*command, "-c", str(ROOT / "pyproject.toml"), "--rootdir", str(ROOT)],
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
        )
    assert done.returncode == 1, done.stdout + done.stderr
    assert f"TestCareless::{found_by}" in done.stdout
    assert "ERROR" not in done.stdout, done.stdout
