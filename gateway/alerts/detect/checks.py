"""Checks of data that failed, whoever tells of them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from gateway.alerts.relation import labelled
from gateway.domain.incidents import Fact, Severity, SignalKind, Subjects

#: Letters of a description that are told.
MOST_LETTERS = 200


@dataclass(frozen=True, slots=True)
class Failed:
    """One check that has not passed."""

    name: str
    severity: Severity
    at: datetime
    description: str | None = None


def fact_of(subject: int, about: Subjects, labels: Mapping[str, str | None], check: Failed) -> Fact:
    """``labels``: those of the dataset at least."""
    kind = SignalKind.DATA_QUALITY_FAILED
    signal = {"signal": kind.lower(), "severity": check.severity.lower(), "check": check.name}
    why = f": {check.description[:MOST_LETTERS]}" if check.description else ""
    message = f"{labels['dataset']} failed its check {check.name}{why}"
    return Fact(kind, subject, about, check.at, message, check.severity, labelled({**signal, **labels}))
