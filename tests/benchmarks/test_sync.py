"""Syncing 100,000 runs through each adapter's real parsing, as a ratio to downloading and decoding the same bytes."""

import json
import statistics
import subprocess
import sys
from collections.abc import Iterator

import pytest

from tests.house.source import ROOT

COUNT = 100_000
ROUNDS = 3


@pytest.fixture(params=["airflow", "prefect", "dagster"])
def vendor(request) -> Iterator[tuple[str, str]]:
    command = [sys.executable, "-m", "tests.benchmarks.vendors", request.param, str(COUNT)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        port = server.stdout.readline().strip()
        yield request.param, f"http://127.0.0.1:{port}"
        server.terminate()


def measure(how: str, kind: str, url: str) -> dict[str, float]:
    command = [sys.executable, "-m", "tests.benchmarks.sync", how, kind, url]
    answer = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    return json.loads(answer.stdout)


def test_reading_a_hundred_thousand_runs(vendor):
    kind, url = vendor
    rounds = [{how: measure(how, kind, url) for how in ("raw", "adapter", "store")} for _ in range(ROUNDS)]
    for how in ("adapter", "store"):
        ratio = statistics.median(one[how]["wall"] / one["raw"]["wall"] for one in rounds)
        seconds = statistics.median(one[how]["wall"] for one in rounds)
        memory = max(one[how]["mb"] for one in rounds)
        goal = {"adapter": "goal: at most 3", "store": "with SQLite; goal: at most 300 MB"}[how]
        print(f"\n{kind:8} {how:8} {seconds:6.1f} s = {ratio:5.2f} x raw, {memory:4.0f} MB ({goal})")
    assert all(one[how]["runs"] >= COUNT for one in rounds for how in one)
