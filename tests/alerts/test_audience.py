"""Who hears of what, and when: pure, with the expected verdict in each test."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from gateway.alerts.audience import destinations, due, fingerprint, uninhibited, unsilenced
from gateway.alerts.configuration import alert_definitions, alerting_of
from gateway.domain.alerting import Alerting
from gateway.domain.incidents import (
    Incident,
    IncidentState,
    NoticeKind,
    Notification,
    NotificationState,
    Severity,
    Signal,
    SignalKind,
    Silence,
    Subjects,
)
from gateway.domain.matchers import parse_matcher

NOW = datetime(2026, 5, 5, 7, tzinfo=UTC)
SECTION: dict[str, Any] = {
    "receivers": [
        {"name": name, "webhook": {"url": f"http://{name}"}} for name in ("team", "pager", "finance", "boss")
    ],
    "route": {
        "receiver": "team",
        "routes": [
            {"matchers": ['severity="critical"'], "receiver": "pager", "group_wait": "5s", "continue": True},
            {
                "matchers": ['owner=~"finance.*"'],
                "receiver": "finance",
                "repeat_interval": "1h",
                "routes": [{"matchers": ["signal=run_late"], "receiver": "team"}],
            },
        ],
    },
}


def alerting(**more: Any) -> Alerting:
    found, faults = alert_definitions({**SECTION, **more})
    assert faults == []
    return alerting_of(found)


def signal(number: int = 1, *, ended: bool = False, **labels: str) -> Signal:
    return Signal(
        number,
        1,
        f"run_failed:{number}",
        SignalKind.RUN_FAILED,
        Subjects(pipeline_id=number),
        NOW,
        NOW if ended else None,
        "x failed",
        Severity.ERROR,
        labels,
    )


def incident(**more: Any) -> Incident:
    return Incident(1, "x failed", Severity.ERROR, IncidentState.OPEN, 1, NOW, **more)


def told(kind: NoticeKind, at: datetime, about: Incident, signals: list[Signal], sequence: int = 1) -> Notification:
    return Notification(
        1, 1, "team", sequence, kind, "k", fingerprint(about, signals), {}, NotificationState.SENT, 1, at
    )


@pytest.mark.parametrize(
    ("labels", "receivers"),
    [
        ({}, ["team"]),
        ({"severity": "critical"}, ["pager"]),
        ({"owner": "finance-eu"}, ["finance"]),
        ({"owner": "finance-eu", "severity": "critical"}, ["pager", "finance"]),
        ({"owner": "finance-eu", "signal": "run_late"}, ["team"]),
        ({"owner": "no-finance"}, ["team"]),
    ],
)
def test_a_signal_takes_its_routes(labels, receivers):
    found = destinations(incident(), [signal(**labels)], alerting())
    assert [one.receiver for one in found] == receivers


def test_a_route_has_the_timing_of_the_one_around_it_but_for_what_it_says():
    (finance,) = destinations(incident(), [signal(owner="finance")], alerting())
    assert finance.timing.repeat_interval == timedelta(hours=1)
    assert finance.timing.group_wait == timedelta(seconds=30)
    (pager,) = destinations(incident(), [signal(severity="critical")], alerting())
    assert pager.not_before == NOW + timedelta(seconds=5)


def test_a_receiver_that_several_signals_lead_to_hears_once_and_at_the_earliest():
    found = destinations(incident(), [signal(1), signal(2), signal(3, severity="critical")], alerting())
    assert [one.receiver for one in found] == ["team", "pager"]


def test_where_nobody_acknowledges_somebody_else_is_told():
    rules = alerting(escalations=[{"after": "15m", "receiver": "boss"}])
    to = destinations(incident(), [signal()], rules)
    assert [one.receiver for one in to] == ["team", "boss"]
    found = due(incident(), [signal()], to, {}, NOW + timedelta(minutes=14))
    assert [(one.receiver, one.kind) for one in found] == [("team", NoticeKind.OPENED)]
    found = due(incident(), [signal()], to, {}, NOW + timedelta(minutes=15))
    assert [(one.receiver, one.kind) for one in found][1:] == [("boss", NoticeKind.ESCALATED)]
    taken = incident(acknowledged_at=NOW + timedelta(minutes=5))
    assert [one.receiver for one in destinations(taken, [signal()], rules)] == ["team"]


def test_it_is_told_after_group_wait_then_as_it_grows_then_again_and_again_and_when_it_is_over():
    rules, first = alerting(), [signal(1)]
    to = destinations(incident(), first, rules)
    assert due(incident(), first, to, {}, NOW + timedelta(seconds=29)) == []
    (opened,) = due(incident(), first, to, {}, NOW + timedelta(seconds=30))
    assert (opened.kind, opened.sequence) == (NoticeKind.OPENED, 1)
    at = NOW + timedelta(seconds=30)
    last = {"team": told(NoticeKind.OPENED, at, incident(), first)}
    assert due(incident(), first, to, last, at + timedelta(hours=3)) == []
    assert due(incident(), [*first, signal(2)], to, last, at + timedelta(minutes=4)) == []
    (update,) = due(incident(), [*first, signal(2)], to, last, at + timedelta(minutes=5))
    assert (update.kind, update.sequence) == (NoticeKind.UPDATED, 2)
    (again,) = due(incident(), first, to, last, at + timedelta(hours=4))
    assert again.kind is NoticeKind.REPEATED
    over = Incident(1, "x failed", Severity.ERROR, IncidentState.RESOLVED, 1, NOW, resolved_at=at)
    (resolved,) = due(over, first, (), last, at + timedelta(seconds=1))
    assert resolved.kind is NoticeKind.RESOLVED
    assert due(over, first, (), {"team": told(NoticeKind.RESOLVED, at, over, first)}, at + timedelta(days=1)) == []


def test_what_was_over_before_anybody_was_told_is_told_to_nobody():
    over = Incident(1, "x failed", Severity.ERROR, IncidentState.RESOLVED, 1, NOW, resolved_at=NOW)
    assert due(over, [signal(ended=True)], (), {}, NOW + timedelta(days=1)) == []


def test_an_acknowledgement_is_told_at_once_and_ends_the_repetitions():
    rules, signals = alerting(), [signal()]
    last = {"team": told(NoticeKind.OPENED, NOW, incident(), signals)}
    taken = Incident(1, "x", Severity.ERROR, IncidentState.ACKNOWLEDGED, 1, NOW, acknowledged_at=NOW)
    to = destinations(taken, signals, rules)
    (found,) = due(taken, signals, to, last, NOW + timedelta(seconds=1))
    assert found.kind is NoticeKind.ACKNOWLEDGED
    last = {"team": told(NoticeKind.ACKNOWLEDGED, NOW, taken, signals, 2)}
    assert due(taken, signals, to, last, NOW + timedelta(days=1)) == []


def test_a_silence_covers_what_all_its_matchers_match_while_it_holds():
    quiet = Silence(
        1, [parse_matcher("owner=finance"), parse_matcher("signal!=x")], NOW, NOW + timedelta(hours=1), "a", "b"
    )
    signals = [signal(1, owner="finance"), signal(2), signal(3, owner="finance", signal="x")]
    assert [one.id for one in unsilenced(signals, [quiet], alerting(), NOW)] == [2, 3]
    assert [one.id for one in unsilenced(signals, [quiet], alerting(), NOW + timedelta(hours=1))] == [1, 2, 3]


def test_maintenance_comes_again_in_its_own_time_zone():
    rules = alerting(
        silences_from_calendar=[
            {"matchers": ["orchestrator=a"], "cron": "0 9 * * *", "duration": "30m", "timezone": "Europe/Zurich"}
        ]
    )
    signals = [signal(orchestrator="a")]
    assert unsilenced(signals, (), rules, NOW) == [], "seven in UTC is nine in Zurich in summer"
    assert unsilenced(signals, (), rules, NOW + timedelta(minutes=30)) == signals
    winter = datetime(2026, 12, 5, 7, tzinfo=UTC)
    assert unsilenced(signals, (), rules, winter) == signals
    assert unsilenced(signals, (), rules, winter + timedelta(hours=1)) == []


def test_inhibition_is_as_alertmanager_has_it():
    rules = alerting(
        inhibit=[
            {
                "source_matchers": ["signal=orchestrator_unreachable"],
                "target_matchers": ["signal=~run_.*"],
                "equal": ["orchestrator"],
            }
        ]
    )
    source = signal(1, signal="orchestrator_unreachable", orchestrator="a")
    targets = [signal(2, signal="run_late", orchestrator="a"), signal(3, signal="run_late", orchestrator="b")]
    assert [one.id for one in uninhibited([source, *targets], [source, *targets], rules)] == [1, 3]
    over = signal(1, ended=True, signal="orchestrator_unreachable", orchestrator="a")
    assert uninhibited(targets, [over, *targets], rules) == targets
    both = alerting(inhibit=[{"source_matchers": ["a=1"], "target_matchers": ["a=1"]}])
    alike = [signal(1, a="1"), signal(2, a="1")]
    assert uninhibited(alike, alike, both) == alike, "nothing that is both keeps itself quiet"
