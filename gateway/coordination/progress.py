"""Steps of firings, counted."""

from datetime import datetime
from typing import Any

from gateway.coordination import metrics
from gateway.domain.dependencies import FiringState
from gateway.store.database import WriteSession
from gateway.store.repository import firings


async def step(
    session: WriteSession, firing_id: int, state: FiringState, reason: str, now: datetime, **values: Any
) -> bool:
    """As ``firings.step``."""
    is_taken = await firings.step(session, firing_id, state, reason, now, **values)
    if is_taken:
        metrics.STEPS.labels(state.value).inc()
    return is_taken
