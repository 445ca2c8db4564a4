"""Times of the day as a clock shows them; from 24:00 on they are the next day's: 25:30 is half past one at night."""

import re
from datetime import timedelta

_CLOCK = re.compile(r"(\d{1,2}):([0-5]\d)")
#: The day after next has a deadline of its own.
_LAST = timedelta(hours=48)


def parse_clock(text: str) -> timedelta:
    """Since midnight. ValueError, with how to write one."""
    found = _CLOCK.fullmatch(text)
    length = timedelta(hours=int(found[1]), minutes=int(found[2])) if found else _LAST
    if length >= _LAST:
        raise ValueError(f"{text!r} is no time of a day; write 09:00, or 25:30 for 01:30 of the day after.")
    return length


def format_clock(length: timedelta) -> str:
    """``09:00``."""
    minutes = length // timedelta(minutes=1)
    return f"{minutes // 60:02}:{minutes % 60:02}"
