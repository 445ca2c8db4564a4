"""Signals and incidents: what goes wrong, and the one problem that it adds up to."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from gateway.domain.matchers import Matcher


class Severity(StrEnum):
    """How bad something is, mildest first."""

    INFO = "INFO"
    WARNING = "WARNING"
    ERROR = "ERROR"
    CRITICAL = "CRITICAL"

    @property
    def rank(self) -> int:
        """Grows with how bad it is."""
        return list(Severity).index(self)


class SignalKind(StrEnum):
    """What can go wrong. Of two things about one pipeline or dataset, the earlier one here explains the later one."""

    ORCHESTRATOR_UNREACHABLE = "ORCHESTRATOR_UNREACHABLE"
    TRIGGER_FAILED = "TRIGGER_FAILED"
    DEPENDENCY_EXPIRED = "DEPENDENCY_EXPIRED"
    RUN_FAILED = "RUN_FAILED"
    DATA_QUALITY_FAILED = "DATA_QUALITY_FAILED"
    RUN_STUCK = "RUN_STUCK"
    RUN_LATE = "RUN_LATE"
    SLA_AT_RISK = "SLA_AT_RISK"
    SLA_MISSED = "SLA_MISSED"

    @property
    def rank(self) -> int:
        """Grows from causes to consequences."""
        return list(SignalKind).index(self)

    @property
    def severity(self) -> Severity:
        """How bad it is where nobody says otherwise."""
        return _SEVERITIES.get(self, Severity.ERROR)


_SEVERITIES = {
    SignalKind.SLA_MISSED: Severity.CRITICAL,
    SignalKind.SLA_AT_RISK: Severity.WARNING,
    SignalKind.RUN_LATE: Severity.WARNING,
    SignalKind.RUN_STUCK: Severity.WARNING,
}


@dataclass(frozen=True, slots=True)
class Subjects:
    """What a signal is about, by ids; ``dataset_id`` is the id of a name."""

    orchestrator_id: int | None = None
    pipeline_id: int | None = None
    run_id: int | None = None
    dataset_id: int | None = None
    sla_id: int | None = None
    dependency_id: int | None = None


@dataclass(frozen=True, slots=True)
class Fact:
    """That something is wrong now."""

    kind: SignalKind
    #: What it is wrong with: with the kind, the same for as long as it is the same thing.
    subject: int
    about: Subjects
    began_at: datetime
    message: str
    severity: Severity
    labels: Mapping[str, str]

    @property
    def key(self) -> str:
        """Says whether two facts are the same thing."""
        return f"{self.kind.lower()}:{self.subject}"


@dataclass(frozen=True, slots=True)
class Signal:
    """A fact as it is kept, within its incident."""

    id: int
    incident_id: int
    key: str
    kind: SignalKind
    about: Subjects
    began_at: datetime
    #: None: it holds.
    ended_at: datetime | None
    message: str
    severity: Severity
    labels: Mapping[str, str]
    #: How often it has begun.
    times: int = 1

    @property
    def holds(self) -> bool:
        """Whether it is still so."""
        return self.ended_at is None


class IncidentState(StrEnum):
    """How far an incident is."""

    OPEN = "OPEN"
    ACKNOWLEDGED = "ACKNOWLEDGED"
    RESOLVED = "RESOLVED"
    #: Open, and silenced as a whole.
    SUPPRESSED = "SUPPRESSED"


@dataclass(frozen=True, slots=True)
class Incident:
    """One problem, however many signals it makes."""

    id: int
    title: str
    severity: Severity
    state: IncidentState
    #: The signal that no other of its signals explains.
    root_id: int | None
    opened_at: datetime
    acknowledged_at: datetime | None = None
    acknowledged_by: str | None = None
    #: Nothing has been wrong since then.
    quiet_since: datetime | None = None
    resolved_at: datetime | None = None
    reopened: int = 0
    #: It turned out to be a part of that one.
    merged_into: int | None = None

    @property
    def is_resolved(self) -> bool:
        """Whether it is over."""
        return self.state is IncidentState.RESOLVED


class StepKind(StrEnum):
    """What happens in the life of an incident."""

    OPENED = "OPENED"
    SIGNAL_BEGAN = "SIGNAL_BEGAN"
    SIGNAL_ENDED = "SIGNAL_ENDED"
    CAUSE_FOUND = "CAUSE_FOUND"
    MERGED = "MERGED"
    SILENCED = "SILENCED"
    ACKNOWLEDGED = "ACKNOWLEDGED"
    NOTIFIED = "NOTIFIED"
    ESCALATED = "ESCALATED"
    RESOLVED = "RESOLVED"
    REOPENED = "REOPENED"


@dataclass(frozen=True, slots=True)
class Step:
    """A line in an incident's timeline."""

    at: datetime
    kind: StepKind
    text: str
    #: Who did it; None: Podium.
    by: str | None = None


@dataclass(frozen=True, slots=True)
class Silence:
    """Nobody is told of signals with such labels for a while."""

    id: int
    matchers: Sequence[Matcher]
    starts_at: datetime
    ends_at: datetime
    created_by: str
    comment: str

    def is_active(self, now: datetime) -> bool:
        """Whether it holds."""
        return self.starts_at <= now < self.ends_at


class NoticeKind(StrEnum):
    """Why somebody is told of an incident."""

    OPENED = "opened"
    UPDATED = "updated"
    REPEATED = "repeated"
    ACKNOWLEDGED = "acknowledged"
    ESCALATED = "escalated"
    RESOLVED = "resolved"
    TEST = "test"


class NotificationState(StrEnum):
    """How far a notification is."""

    PENDING = "PENDING"
    SENT = "SENT"
    #: Given up: it can be sent again by hand.
    FAILED = "FAILED"
    SUPPRESSED = "SUPPRESSED"


@dataclass(frozen=True, slots=True)
class Notification:
    """One message to one receiver, as it is kept until it is sent and after."""

    id: int
    incident_id: int
    receiver: str
    #: Its place among those of its incident to this receiver.
    sequence: int
    kind: NoticeKind
    #: The same for every attempt: a receiver that honours it acts once.
    key: str
    #: What it was about; another one says something new.
    fingerprint: str
    document: Mapping[str, object]
    state: NotificationState
    attempts: int
    created_at: datetime
    sent_at: datetime | None = None
    last_error: str | None = None
    #: What the receiver called what it was sent, where later messages need it.
    thread: Mapping[str, object] = field(default_factory=dict[str, object])
