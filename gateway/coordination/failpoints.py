"""Named places around every step of a firing, at which the tests let a gateway die as by kill -9."""

import os
import signal

#: The environment variable that names the place and, after a space, the firing's idempotency key; without it nothing
#: happens.
VARIABLE = "PODIUM_FAIL_AT"
#: In the order in which a firing comes past them. ``written``: within a unit of work, which a death then undoes.
POINTS = (
    "ready.before",
    "ready.written",
    "take.before",
    "take.written",
    "take.committed",
    "claim.written",
    "send.before",
    "send.answered",
    "link.written",
    "link.committed",
    "record.written",
    "record.committed",
    "follow.before",
    "follow.written",
)

_wanted = os.environ.get(VARIABLE)


def reach(point: str, idempotency_key: str) -> None:
    """Die here, if it is the place, and the firing."""
    if _wanted is not None and f"{point} {idempotency_key}" == _wanted:
        os.kill(os.getpid(), signal.SIGKILL)
