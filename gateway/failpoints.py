"""Named places around each step of a firing, a notification or an action, where tests let a gateway die at once."""

import os
import signal

#: The environment variable that names the place and, after a space, the key of whatever comes past it; without a key it
#: is the first that comes. Without the variable nothing happens.
VARIABLE = "PODIUM_FAIL_AT"
#: In the order in which a firing comes past them; the key is its idempotency key. ``written``: within a unit of work,
#: which a death then undoes.
FIRING = (
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
#: The same of what becomes of an incident and of the notification of it; the key is the one that receivers see.
NOTIFICATION = (
    "incident.written",
    "notice.before",
    "notice.written",
    "hold.written",
    "tell.before",
    "tell.answered",
    "told.written",
    "told.committed",
)
#: Of what an SLA asks for; the key is the SLA's name, a dot and the action's place among its actions.
ACTION = ("act.before", "act.done")

_wanted = os.environ.get(VARIABLE)


def reach(point: str, key: str) -> None:
    """Die here, if it is the place, and the key."""
    if _wanted is not None and _wanted in (point, f"{point} {key}"):
        os.kill(os.getpid(), signal.SIGKILL)
