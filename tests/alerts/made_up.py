"""Incidents as Hypothesis makes them up: any text, any length, any event."""

from datetime import UTC, datetime
from typing import Any

from hypothesis import strategies as st

from gateway.alerts.document import Named, addressed, document
from gateway.domain.incidents import (
    Incident,
    IncidentState,
    NoticeKind,
    Severity,
    Signal,
    SignalKind,
    Step,
    StepKind,
    Subjects,
)

#: As a database can hold it: no halves of characters.
TEXTS = st.text(st.characters(exclude_categories=("Cs",)), max_size=60)
#: Far over every limit, of characters that count as one or as several, in bytes or by their escapes.
LONG = st.builds(
    lambda text, times: text * times, st.sampled_from(["x", "é", "🔥", "&", "<", "\x07", "a\n"]), st.integers(0, 6_000)
)
ANY = TEXTS | LONG
TIMES = st.datetimes(datetime(2020, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))
NAMES = st.lists(TEXTS, max_size=30)
SIGNALS = st.builds(
    Signal,
    id=st.integers(1, 3),
    incident_id=st.just(7),
    key=st.just("k"),
    kind=st.sampled_from(SignalKind),
    about=st.just(Subjects()),
    began_at=TIMES,
    ended_at=st.none() | TIMES,
    message=ANY,
    severity=st.sampled_from(Severity),
    labels=st.dictionaries(st.sampled_from(["orchestrator", "pipeline", "owner"]) | TEXTS, ANY, max_size=3),
)
INCIDENTS = st.builds(
    Incident,
    id=st.integers(0, 2**63 - 1),
    title=ANY,
    severity=st.sampled_from(Severity),
    state=st.sampled_from(IncidentState),
    root_id=st.none() | st.integers(1, 3),
    opened_at=TIMES,
    acknowledged_at=st.none() | TIMES,
    acknowledged_by=st.none() | TEXTS,
    resolved_at=st.none() | TIMES,
    merged_into=st.none() | st.integers(1, 9),
)
STEPS = st.builds(Step, at=TIMES, kind=st.sampled_from(StepKind), text=ANY, by=st.none() | TEXTS)
KINDS = st.sampled_from(NoticeKind)
URLS = st.none() | st.sampled_from(["https://podium.example.com", "http://127.0.0.1:8080/", "https://x/" + "p" * 4_000])


def _document(kind: NoticeKind, incident: Incident, signals: Any, hurt: Named, steps: Any, url: Any) -> dict[str, Any]:
    told = document(kind, incident, signals, hurt, steps, url)
    return addressed(told, "chat", 1, f"podium-incident-{incident.id}-chat-1")


DOCUMENTS = st.builds(
    _document,
    KINDS,
    INCIDENTS,
    st.lists(SIGNALS, max_size=12),
    st.builds(Named, NAMES, NAMES, NAMES, NAMES, NAMES),
    st.lists(STEPS, max_size=25),
    URLS,
)
