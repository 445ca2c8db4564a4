"""The end of a log: read from its last record backwards, so that a long log costs no more than its tail."""

from collections.abc import Mapping
from typing import Any

from adapters.prefect.client import PrefectClient
from adapters.prefect.mapping import understanding
from adapters.prefect.payloads import Log

_LEVELS = {10: "DEBUG", 20: "INFO", 30: "WARNING", 40: "ERROR", 50: "CRITICAL"}


async def tail_of(client: PrefectClient, where: Mapping[str, Any], tail: int, page_size: int) -> str:
    """The last ``tail`` lines of the records that a LogFilter lets through; a record may have many lines."""
    records: dict[str, list[str]] = {}
    offset = lines = 0
    while lines < tail:
        page = await client.logs(where, limit=min(page_size, tail), offset=offset)
        with understanding("a log"):
            for record in page:
                # Records written meanwhile push known ones onto the next page.
                records.setdefault(record["id"], _lines(record))
        lines = sum(map(len, records.values()))
        if len(page) < min(page_size, tail):
            break
        offset += len(page)
    text = [line for record in reversed(records.values()) for line in record]
    return "\n".join(text[max(0, len(text) - tail) :])


def _lines(record: Log) -> list[str]:
    level = _LEVELS.get(record["level"], str(record["level"]))
    first, *more = record["message"].splitlines() or [""]
    return [f"{record['timestamp']} {level} {first}", *more]
