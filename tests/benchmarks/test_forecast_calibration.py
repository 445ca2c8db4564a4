"""How true forecasts are, over made-up months of chains across systems, against a rule that people use.

The rule: along the same way, what is left of each median; with a fixed slack added, is that after the deadline?
"""

import random
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from gateway.domain.dependencies import Mode
from gateway.domain.states import RunState
from gateway.sla.evaluate import AT_RISK_FROM, SAFE_BELOW
from gateway.sla.forecast.walk import Station, Upstream, Walk
from gateway.sla.stations import LAST_RUNS, station
from gateway.store.repository.run_facts import PipelineFact, RunFact

CHAINS, LEARNT, TOLD = 150, 60, 30
EVERY = timedelta(minutes=15)
SLACK = timedelta(minutes=15)
FIRST = datetime(2026, 1, 5, tzinfo=UTC)
DAY = timedelta(days=1)


@dataclass
class Job:
    """A pipeline with habits: how long it takes, on which days longer, how often it fails or drags on."""

    id: int
    upstream: tuple[int, ...]
    #: Hours after midnight, where a schedule starts it.
    starts: float
    median: float
    sigma: float
    monday: float
    drift: float
    fails: float
    runs: list[RunFact] = field(default_factory=list)

    def run(self, dice: random.Random, day: int, start: datetime) -> list[RunFact]:
        """The runs of a day: a failed one is repeated by hand one to three hours later."""
        found: list[RunFact] = []
        while True:
            seconds = self.median * (1 + self.drift * day / 90) * dice.lognormvariate(0, self.sigma)
            seconds *= self.monday if start.isoweekday() == 1 else 1
            seconds *= 3 if dice.random() < 0.02 else 1
            is_good = dice.random() >= self.fails
            end = start + timedelta(seconds=seconds if is_good else seconds / 2)
            state = RunState.SUCCESS if is_good else RunState.FAILED
            name = f"{self.id}-{day}-{len(found)}"
            found.append(RunFact(len(self.runs) + 1, self.id, name, state, 1, None, None, start, start, end))
            self.runs.append(found[-1])
            if is_good:
                return found
            start = end + timedelta(hours=dice.uniform(1, 3))


@dataclass
class Chain:
    """Two jobs by schedule, one that waits for both, and one that waits for that."""

    jobs: list[Job]
    days: list[dict[int, list[RunFact]]] = field(default_factory=list)

    @classmethod
    def of(cls, dice: random.Random) -> "Chain":
        def job(identity: int, upstream: tuple[int, ...], starts: float) -> Job:
            return Job(
                identity,
                upstream,
                starts,
                dice.uniform(600, 5400),
                dice.uniform(0.05, 0.4),
                dice.choice([1, 1, 1.6]),
                dice.choice([0, 0, 0.3]),
                dice.choice([0, 0.02, 0.05]),
            )

        return cls([job(1, (), 1.0), job(2, (), dice.uniform(1, 2)), job(3, (1, 2), 0), job(4, (3,), 0)])

    def live(self, dice: random.Random, days: int) -> None:
        for day in range(days):
            ends: dict[int, datetime] = {}
            runs: dict[int, list[RunFact]] = {}
            for job in self.jobs:
                begin = FIRST + day * DAY + timedelta(hours=job.starts)
                start = max(ends[one] for one in job.upstream) + timedelta(seconds=5) if job.upstream else begin
                runs[job.id] = job.run(dice, day, start)
                ends[job.id] = runs[job.id][-1].ended_at or start
            self.days.append(runs)

    def end(self, day: int) -> datetime:
        return self.days[day][4][-1].ended_at or FIRST


def stations(chain: Chain, day: int) -> dict[int, Station]:
    """What is known at midnight."""
    known: dict[int, Station] = {}
    for job in chain.jobs:
        before = [run for runs in chain.days[:day] for run in runs[job.id]]
        upstream = Upstream(Mode.ALL, job.upstream) if job.upstream else None
        listed = PipelineFact(job.id, FIRST + day * DAY + timedelta(hours=job.starts), "UTC", False, True)
        if job.upstream:
            listed = replace(listed, next_run_at=None)
        known[job.id] = station(listed, before[-LAST_RUNS:], upstream)
    return known


def at(chain: Chain, day: int, known: dict[int, Station], now: datetime) -> dict[int, Station]:
    """What is known then: what has ended, what has failed, what runs."""
    found = dict(known)
    for job in chain.jobs:
        begun = [run for run in chain.days[day][job.id] if run.started_at and run.started_at <= now]
        if not begun:
            continue
        last = begun[-1]
        is_over = last.ended_at is not None and last.ended_at <= now
        is_good = is_over and last.state is RunState.SUCCESS
        planned = found[job.id].next_run_at
        found[job.id] = replace(
            found[job.id],
            started_at=last.started_at,
            done_at=last.ended_at if is_good else found[job.id].done_at,
            active_run=None if is_over else last.id,
            running_since=None if is_over else last.started_at,
            failed_at=last.ended_at if is_over and not is_good else None,
            next_run_at=planned + DAY if planned else None,
        )
    return found


def by_the_rule(known: dict[int, Station], now: datetime, since: datetime) -> datetime:
    """What is left of the medians along the way."""

    def end(identity: int, after: datetime | None) -> datetime:
        one = known[identity]
        usual = timedelta(seconds=float(np.median(one.durations.overall)) if one.durations else 0)
        if one.done_at and (after is None or one.done_at > after) and one.active_run is None:
            return one.done_at
        if one.running_since:
            return max(one.running_since + usual, now)
        if one.upstream:
            return (
                max(now, *(end(item, one.started_at) for item in one.upstream.items if isinstance(item, int))) + usual
            )
        return max(one.next_run_at or now, now) + usual if one.failed_at is None else now + usual

    return end(4, since)


@dataclass
class Warned:
    """What warnings were worth."""

    right: list[timedelta] = field(default_factory=list)
    false: int = 0
    missed: int = 0
    met: int = 0

    def take(self, first: datetime | None, due: datetime, *, is_late: bool) -> None:
        if is_late:
            self.missed += 1
            if first is not None:
                self.right.append(due - first)
        else:
            self.met += 1
            self.false += first is not None

    @property
    def lead(self) -> float:
        """Minutes before the deadline, on average over warnings of what was missed."""
        return sum(one.total_seconds() for one in self.right) / 60 / max(len(self.right), 1)

    @property
    def false_rate(self) -> float:
        return self.false / max(self.met, 1)


@pytest.mark.timeout(1800)
def test_how_true_they_are():
    dice = random.Random(1)
    inside: dict[str, list[bool]] = {"before it begins": [], "while it runs": []}
    ours, rule = Warned(), Warned()
    for _ in range(CHAINS):
        chain = Chain.of(dice)
        chain.live(dice, LEARNT + TOLD)
        clocks = sorted((chain.end(day) - (FIRST + day * DAY)).total_seconds() for day in range(LEARNT))
        due_after = timedelta(seconds=clocks[int(0.85 * len(clocks))])  # about one in seven is missed
        for day in range(LEARNT, LEARNT + TOLD):
            _tell(chain, day, FIRST + day * DAY + due_after, inside, ours, rule)
    everything = [one for some in inside.values() for one in some]
    shares = {name: sum(some) / len(some) for name, some in inside.items()}
    share = sum(everything) / len(everything)
    print(
        f"\n90 % intervals held {share:.1%} of {len(everything):,} outcomes ("
        + ", ".join(f"{name} {one:.1%}" for name, one in shares.items())
        + f"). Of {ours.missed} missed deadlines {len(ours.right)} were warned of, {ours.lead:.0f} min before on "
        f"average; false alarms {ours.false_rate:.1%} of {ours.met}. "
        f"By the rule (medians + {SLACK.seconds // 60} min): "
        f"{len(rule.right)}, {rule.lead:.0f} min, {rule.false_rate:.1%}"
    )
    assert 0.85 <= share <= 0.95
    assert ours.lead > rule.lead
    assert ours.false_rate < rule.false_rate


def _tell(chain: Chain, day: int, due: datetime, inside: dict[str, list[bool]], ours: Warned, rule: Warned) -> None:
    midnight, end = FIRST + day * DAY, chain.end(day)
    known = stations(chain, day)
    now, is_at_risk = midnight, False
    first: datetime | None = None
    first_by_rule: datetime | None = None
    while now < min(due, end):
        seen = at(chain, day, known, now)
        forecast = Walk(seen, now).forecast([4], midnight, due)
        assert forecast is not None
        if forecast.low is not None:
            is_held = forecast.low <= end and (forecast.high is None or end <= forecast.high)
            inside["while it runs" if seen[4].running_since else "before it begins"].append(is_held)
        is_at_risk = forecast.breach_probability >= (SAFE_BELOW if is_at_risk else AT_RISK_FROM)
        if is_at_risk and first is None:
            first = now
        if first_by_rule is None and by_the_rule(seen, now, midnight) + SLACK > due:
            first_by_rule = now
        now += EVERY
    ours.take(first, due, is_late=end > due)
    rule.take(first_by_rule, due, is_late=end > due)
