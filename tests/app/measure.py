"""CPU time of child processes, and how slow the machine is just now: limits hold on an idle one of two cores."""

import resource
import subprocess
import sys
from collections.abc import Callable

_LOOP = "x = 0\nfor i in range(5_000_000): x += i"
#: CPU seconds of the loop above on the machine that the limits were set on.
_USUAL = 0.28


def cpu_seconds(work: Callable[[], object]) -> float:
    """What the child processes that ``work`` starts and waits for have spent."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    work()
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def slowness() -> float:
    """1 on an idle machine, more on a busy or slower one."""
    return max(1.0, cpu_seconds(lambda: subprocess.run([sys.executable, "-c", _LOOP], check=True)) / _USUAL)
