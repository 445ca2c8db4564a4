"""Pieces of work that this process is carrying, each by its id, and only so many at once."""

import asyncio
from collections.abc import Coroutine, Iterable


class UnderWay:
    """Each runs in a task of its own, and is forgotten when it ends."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._tasks: dict[int, asyncio.Task[None]] = {}

    @property
    def room(self) -> int:
        """How many more may be begun."""
        return self._most - len(self._tasks)

    def fresh(self, ids: Iterable[int]) -> set[int]:
        """Those that may be begun now: not carried yet, and for which there is room, the first first."""
        return set([one for one in ids if one not in self._tasks][: max(0, self.room)])

    def begin(self, identity: int, work: Coroutine[None, None, None], name: str) -> None:
        """Carry it."""
        task = asyncio.create_task(work, name=f"{name}/{identity}")
        self._tasks[identity] = task
        task.add_done_callback(lambda _: self._tasks.pop(identity, None))

    async def settled(self) -> None:
        """Returns once nothing is carried in this process."""
        while self._tasks:
            await asyncio.gather(*self._tasks.values(), return_exceptions=True)

    async def aclose(self) -> None:
        """Break off what is carried; whoever is next takes it up again."""
        for task in self._tasks.values():
            task.cancel()
        await asyncio.gather(*self._tasks.values(), return_exceptions=True)
