"""When a dependency's windows open and close."""

from datetime import datetime

from gateway.domain.dependencies import DependencySpec
from gateway.schedules import changes_at


def next_change(spec: DependencySpec, now: datetime) -> datetime | None:
    """When the first of a dependency's windows opens or closes; None where it has none."""
    windows = [one.window for one in spec.upstream.conditions() if one.window is not None]
    changes = [changes_at(window, now, spec.zone) for window in windows]
    return min((at for at in changes if at is not None), default=None)
