"""What forecasts of real runs would have been worth: each run of a history, told from those before it alone."""

import json
from datetime import datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from gateway.sla.forecast.history import Past, at_least, learn
from gateway.sla.stations import LAST_RUNS

HISTORIES = Path(__file__).parent / "histories"
LEARNT = 20
#: How far each run is when it is looked at.
PARTS = (0.0, 0.25, 0.5, 0.75)
#: What people add to the median.
SLACK = timedelta(minutes=15)


def read(name: str) -> list[tuple[datetime, float]]:
    return [(datetime.fromisoformat(at), seconds) for at, seconds in json.loads((HISTORIES / name).read_text())]


@pytest.mark.parametrize("name", ["builds.json"])
def test_each_run_by_those_before_it(name):
    runs = read(name)
    held: list[bool] = []
    widths: list[float] = []
    ruled: list[bool] = []
    for place in range(LEARNT, len(runs)):
        at, took = runs[place]
        past = [Past(seconds, day.isoweekday()) for day, seconds in runs[max(0, place - LAST_RUNS) : place]]
        known = learn(past, seed=1)
        assert known is not None
        usual = float(np.median([one.seconds for one in past]))
        ruled.append(took <= usual + SLACK.total_seconds())
        for part in PARTS:
            left = np.sort(at_least(known.on(at.isoweekday()), took * part))
            held.append(
                bool(left[round(0.05 * (len(left) - 1))] <= took * (1 - part) <= left[round(0.95 * (len(left) - 1))])
            )
            if part == 0:
                widths.append(float(left[-10] - left[10]))
    print(
        f"\n{name}: {len(runs)} runs, {len(held)} looks: the 90 % interval held {np.mean(held):.0%}, at the start "
        f"{np.mean(held[:: len(PARTS)]):.0%}; it was {np.median(widths) / 60:.0f} min wide (median), against the "
        f"{SLACK.total_seconds() / 60:.0f} min that people add, which held {np.mean(ruled):.0%}"
    )
    assert 0.85 <= np.mean(held) <= 0.95
