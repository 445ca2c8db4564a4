"""Reading a list by offset while its rows come and go.

Airflow may send fewer rows than were asked for (``[api] maximum_page_limit``), so only its own total tells where a list
ends, or an empty page where it does not count that far (``total_entries_limit``). Each page begins with the last row
that was read before: where that row is gone from its place, rows in front of it have vanished and others have moved up
unseen, so reading begins again. (Pages of a single row cannot overlap.)
"""

from collections.abc import AsyncGenerator, Awaitable, Callable, Hashable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from adapters.airflow.mapping import understanding
from adapters.airflow.payloads import TaskInstance

Row = TypeVar("Row")

#: After so many beginnings the list shifts faster than it can be read; what there is then has to do.
MOST_RESTARTS = 20


@dataclass(frozen=True, slots=True)
class Listed(Generic[Row]):
    """One page of a list in a fixed order."""

    rows: Sequence[Row]
    #: How many rows the whole list has; None where nobody has counted that far.
    total: int | None

    def following(self, offset: int) -> int | None:
        """Where the page after this one begins, with the last row of this one; None after the last page."""
        end = offset + len(self.rows)
        if not self.rows or (self.total is not None and end >= self.total):
            return None
        return end - 1 if len(self.rows) > 1 else end


async def by_offset(
    fetch: Callable[[int], Awaitable[Listed[Row]]], name: Callable[[Row], Hashable]
) -> AsyncGenerator[Listed[Row]]:
    """Every page from the first; a row may come more than once. ``name`` tells rows apart."""
    offset, restarts = 0, 0
    last: Hashable = None
    while True:
        page = await fetch(offset)
        with understanding("a row of a list"):
            names = [name(row) for row in page.rows]
        if last is not None and restarts < MOST_RESTARTS and last not in names:
            offset, last = 0, None
            restarts += 1
            continue
        yield page
        following = page.following(offset)
        if following is None:
            return
        last = names[-1] if len(names) > 1 else None
        offset = following


async def in_no_order(fetch: Callable[[int], Awaitable[Listed[Row]]], name: Callable[[Row], Hashable]) -> list[Row]:
    """Every row of a list whose pages come in no order: it is read until there are as many as it counts."""
    found: dict[Hashable, Row] = {}
    for _ in range(MOST_RESTARTS):
        total = 0
        async for page in by_offset(fetch, name):
            found.update((name(row), row) for row in page.rows)
            total = page.total or 0
        if len(found) >= total:
            break
    return list(found.values())


def instance_name(raw: TaskInstance) -> tuple[str, int]:
    """What tells a run's task instances apart."""
    return raw["task_id"], raw["map_index"]
