"""Answers whose shape is not the known one become Drift, wherever they are taken apart."""

from collections.abc import Generator
from contextlib import contextmanager

from adapters.sdk.errors import Drift


@contextmanager
def known_shape(what: str) -> Generator[None]:
    """Around code that takes an answer apart and awaits nothing; also a decorator. ``what`` begins the message."""
    try:
        yield
    except (KeyError, IndexError, TypeError, ValueError, AttributeError, OverflowError, OSError) as error:
        raise Drift(f"{what} is not as Dagster is known to send it ({type(error).__name__}: {error}).") from error
