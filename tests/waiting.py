"""Waiting for something to become true: polling with a deadline, never a blind sleep."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

T = TypeVar("T")


async def eventually(
    look: Callable[[], Awaitable[T]],
    until: Callable[[T], object] = bool,
    *,
    within: float = 10.0,
    every: float = 0.02,
) -> T:
    """The first answer of ``look`` with which ``until`` is content.

    AssertionError with the last answer once ``within`` seconds have passed.
    """
    deadline = asyncio.get_running_loop().time() + within
    while True:
        answer = await look()
        if until(answer):
            return answer
        if asyncio.get_running_loop().time() > deadline:
            raise AssertionError(f"not within {within:g} s; last answer: {answer!r}")
        await asyncio.sleep(every)
