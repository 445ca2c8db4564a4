"""How old data is, held against looking every second."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.domain.kpis import Kpis, Successes

SINCE = datetime(2026, 5, 4, tzinfo=UTC)


def at(second: int) -> datetime:
    return SINCE + timedelta(seconds=second)


@given(st.lists(st.integers(-50, 99), max_size=8), st.integers(1, 100))
def test_the_mean_age_is_that_of_all_seconds(ends, length):
    inside = sorted(one for one in ends if 0 <= one < length)
    before = max((one for one in ends if one < 0), default=None)
    found = Successes(
        at(before) if before is not None else None,
        at(inside[0]) if inside else None,
        at(inside[-1]) if inside else None,
        sum((later - earlier) ** 2 / 2 for earlier, later in pairwise(inside)),
    ).age(SINCE, at(length))
    known = [[one for one in ends if one <= second] for second in range(length)]
    # In the second after s the age goes from s - last to one more.
    ages = [second + 0.5 - max(done) for second, done in enumerate(known) if done]
    assert found.weight == len(ages)
    assert found.seconds == pytest.approx(sum(ages))


numbers = st.integers(0, 1000)


@given(st.lists(st.builds(Kpis, numbers, numbers, numbers, met=numbers, missed=numbers), max_size=5))
def test_figures_of_several_are_those_of_all(some):
    total = sum(some, Kpis())
    assert total.runs == sum(one.runs for one in some)
    assert total.sla_adherence is None or total.sla_adherence * (total.met + total.missed) == pytest.approx(total.met)
