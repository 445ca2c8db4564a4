"""What the contract needs to know of the orchestrator that an adapter is tried on."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

#: The variable that the subject's ``auth`` refers to.
SECRET = "CONTRACT_SECRET"  # noqa: S105  # a name


@dataclass(frozen=True, slots=True)
class Start:
    """A pipeline, and the parameters of a run of it."""

    pipeline: str
    parameters: Mapping[str, Any] = field(default_factory=dict[str, Any])


@dataclass(frozen=True, slots=True)
class Odd:
    """A time as JSON, and what it means; None: no time at all."""

    sent: str
    means: datetime | None


#: Times as JSON that are all in use somewhere: seven digits, an offset, none, and nothing.
ISO_8601: Sequence[Odd] = (
    Odd('"2026-03-29T01:30:00.1234567Z"', datetime(2026, 3, 29, 1, 30, 0, 123456, UTC)),
    Odd('"2026-03-29T03:30:00+02:00"', datetime(2026, 3, 29, 1, 30, tzinfo=UTC)),
    Odd('"2026-03-29T01:30:00"', datetime(2026, 3, 29, 1, 30, tzinfo=UTC)),
    Odd("null", None),
)
EPOCH: Sequence[Odd] = (
    Odd("1774747800.5", datetime(2026, 3, 29, 1, 30, 0, 500000, UTC)),
    Odd("1774747800", datetime(2026, 3, 29, 1, 30, tzinfo=UTC)),
    Odd("null", None),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """A running orchestrator. Its pipelines need be nothing but what the comments say."""

    #: As in podium.yaml.
    kind: str
    url: str
    auth: Mapping[str, str] = field(default_factory=dict[str, str])
    options: Mapping[str, Any] = field(default_factory=dict[str, Any])
    #: Further options, by which a few runs fill several pages.
    small_pages: Mapping[str, Any] = field(default_factory=lambda: {"page_size": 2})
    #: What ``env:CONTRACT_SECRET`` in ``auth`` stands for; None where the server asks for nothing.
    secret: str | None = None
    #: Succeeds within seconds.
    quick: Start
    #: Fails within seconds; ``complaint`` is in the log of the task that fails.
    failing: Start
    complaint: str
    #: Goes on for minutes unless it is cancelled.
    lasting: Start
    #: A pipeline with a schedule or sensor of its own.
    scheduled: str
    #: Names in the vendor's JSON of a run's state and start, and how it writes times.
    state_field: str
    start_field: str
    times: Sequence[Odd] = ISO_8601
