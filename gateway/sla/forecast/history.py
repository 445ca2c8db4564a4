"""What a pipeline's runs have taken, as equally likely samples of what the next one will take.

Samples are seconds, ``SAMPLES`` of them, in an order of the pipeline's own: so those of two pipelines can be added
one by one, and the sums are what both together may take.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

Samples = NDArray[np.float64]

SAMPLES = 200
#: From so many runs on, history speaks for itself; with fewer, a curve is laid through it that allows for more.
ENOUGH = 20
#: From so many runs on a day of the week they say something about that day.
ENOUGH_OF_A_DAY = 6
#: Runs before the last so many count half, those before twice as many a quarter, and so on.
HALF_LIFE = 30
#: Spread of the logarithm of a duration that is assumed before anything is known, and how many runs that is worth.
PRIOR_SPREAD, PRIOR_RUNS = 0.5, 3.0
_SHARES: Samples = (np.arange(SAMPLES) + 0.5) / SAMPLES
_NORMAL: Samples = np.array([NormalDist().inv_cdf(float(share)) for share in _SHARES])
_LEAST = 0.1


@dataclass(frozen=True, slots=True)
class Past:
    """One run: how long it took, in seconds, and the day of the week on which it began, 1 (Monday) to 7."""

    seconds: float
    weekday: int


@dataclass(frozen=True, slots=True)
class History:
    """What is expected of the next run, by the day of the week where that matters."""

    overall: Samples
    by_weekday: dict[int, Samples]

    def on(self, weekday: int) -> Samples:
        """For a run that begins on that day."""
        return self.by_weekday.get(weekday, self.overall)


def learn(past: Sequence[Past], seed: int) -> History | None:
    """From runs, oldest first. None: there are none."""
    if not past:
        return None
    order = np.random.default_rng(seed).permutation(SAMPLES)
    seconds = np.array([max(one.seconds, _LEAST) for one in past])
    overall = spread(seconds)[order]
    days = np.array([one.weekday for one in past])
    by_weekday = {
        int(day): spread(seconds[days == day])[order] for day in np.unique(days) if _is_other(seconds, days == day)
    }
    return History(overall, by_weekday)


def spread(seconds: Samples) -> Samples:
    """Ascending samples of what comes next, from what has been, oldest first."""
    return _curve(seconds) if len(seconds) < ENOUGH else _quantiles(seconds)


def log_normal(median: float, spread: float) -> Samples:
    """Ascending samples about a median; at one standard deviation they are ``spread`` times as much, or as little."""
    samples: Samples = median * np.exp(_NORMAL * np.log(spread))
    return samples


def middle_of(samples: Samples) -> float:
    """The median."""
    return float(np.partition(samples, SAMPLES // 2)[SAMPLES // 2])


def at_least(samples: Samples, elapsed: float) -> Samples:
    """What is left where ``elapsed`` seconds have gone by already, in the samples' order; never negative.

    Beyond all that has ever been, it may take as long again.
    """
    longer = np.sort(samples[samples > elapsed])
    if len(longer) == 0:
        longest = max(elapsed, _LEAST)
        return (_SHARES * longest)[_ranks(samples)]
    left = np.interp(_SHARES, (np.arange(len(longer)) + 0.5) / len(longer), longer) - elapsed
    return left[_ranks(samples)]


def _ranks(samples: Samples) -> NDArray[np.intp]:
    ranks = np.empty(len(samples), dtype=np.intp)
    ranks[np.argsort(samples, kind="stable")] = np.arange(len(samples))
    return ranks


def _is_other(seconds: Samples, chosen: NDArray[np.bool_]) -> bool:
    """Whether some runs take clearly longer or shorter than the others: by medians, against their usual spread."""
    some, others = np.log(seconds[chosen]), np.log(seconds[~chosen])
    if len(some) < ENOUGH_OF_A_DAY or len(others) < ENOUGH_OF_A_DAY:
        return False
    distance = abs(float(np.median(some) - np.median(others)))
    usual = max(_deviation(others), _deviation(some), 0.02)
    return distance > 3 * usual / np.sqrt(len(some)) and distance > 0.1


def _deviation(logs: Samples) -> float:
    """The standard deviation, whatever a few outliers are."""
    return 1.4826 * float(np.median(np.abs(logs - np.median(logs))))


def _curve(seconds: Samples) -> Samples:
    """A log-normal curve through a few runs, wider the fewer there are (Student's t)."""
    logs = np.log(seconds)
    count = len(logs)
    middle = float(np.median(logs))
    squares = float(np.sum((logs - middle) ** 2)) + PRIOR_RUNS * PRIOR_SPREAD**2
    freedom = count - 1 + PRIOR_RUNS
    scale = np.sqrt(squares / (count + PRIOR_RUNS)) * np.sqrt(1 + 1 / count)
    samples: Samples = np.exp(middle + scale * _student(freedom))
    return samples


def _student(freedom: float) -> Samples:
    """Quantiles of Student's t: Cornish and Fisher's expansion about the normal ones."""
    z = _NORMAL
    first = (z**3 + z) / (4 * freedom)
    second = (5 * z**5 + 16 * z**3 + 3 * z) / (96 * freedom**2)
    return z + first + second


def _quantiles(seconds: Samples) -> Samples:
    """As the runs were, the last ones counting most; the next one may as well lie beyond them as between any two."""
    weights = 0.5 ** (np.arange(len(seconds))[::-1] / HALF_LIFE)
    order = np.argsort(seconds, kind="stable")
    ascending, weights = seconds[order], weights[order]
    one_more = np.sum(weights**2) / np.sum(weights)
    places = (np.cumsum(weights) + (one_more - weights) / 2) / (np.sum(weights) + one_more)
    samples: Samples = np.interp(_SHARES, places, ascending)
    return samples
