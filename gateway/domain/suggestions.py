"""Helps a person who has mistyped a name."""

from collections.abc import Iterable
from difflib import get_close_matches


def closest(word: str, known: Iterable[str], *, nearness: float = 0.6) -> str | None:
    """The known name most like ``word``, None where none is near; ``nearness`` 1 is the same word, 0 any."""
    by_lower = {name.lower(): name for name in known}
    found = get_close_matches(word.lower(), list(by_lower), n=1, cutoff=nearness)
    return by_lower[found[0]] if found else None


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """``" (did you mean airflow?)"``, or nothing where no known name is near."""
    match = closest(word, known)
    return f" (did you mean {match}?)" if match else ""
