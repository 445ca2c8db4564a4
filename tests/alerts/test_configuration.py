"""The section ``alerts`` of podium.yaml."""

import re
from typing import Any

import pytest
from ruamel.yaml import YAML

from gateway.alerts.configuration import alert_definitions, alerting_of
from gateway.alerts.document import examples
from gateway.alerts.texts import texts_of
from tests.house.source import ROOT

GOOD: dict[str, Any] = {
    "receivers": [
        {"name": "hook", "webhook": {"url": "http://127.0.0.1:9000/", "secret": "env:HOOK_SECRET"}},
        {"name": "chat", "slack": {"token": "env:SLACK_TOKEN", "channel": "#data"}},
        {"name": "pager", "pagerduty": {"routing_key": "env:PAGERDUTY_KEY"}},
        {"name": "mail", "email": {"smtp": "smtp://127.0.0.1:1025", "from": "a@example.com", "to": ["b@example.com"]}},
        {"name": "teams", "teams": {"webhook_url": "env:TEAMS"}},
        {"name": "am", "alertmanager": {"url": "http://127.0.0.1:9093"}},
        {"name": "rest", "apprise": {"url": "env:APPRISE_URL"}},
    ],
    "route": {
        "receiver": "chat",
        "group_wait": "30s",
        "routes": [{"matchers": ['severity="critical"', 'owner=~"finance.*"'], "receiver": "pager", "continue": True}],
    },
    "inhibit": [{"source_matchers": ["a=b"], "target_matchers": ["c=d"], "equal": ["orchestrator"]}],
    "silences_from_calendar": [{"matchers": ["a=b"], "cron": "0 22 * * SAT", "duration": "4h", "timezone": "UTC"}],
    "escalations": [{"after": "15m", "receiver": "pager"}],
}


def faults(**changes: Any) -> list[str]:
    _, found = alert_definitions({**GOOD, **changes})
    return [".".join(map(str, one.path)) + ": " + one.message for one in found]


def test_what_is_kept_reads_the_same_again():
    definitions, found = alert_definitions(GOOD)
    assert found == []
    alerting = alerting_of(definitions)
    assert list(alerting.receivers) == ["hook", "chat", "pager", "mail", "teams", "am", "rest"]
    assert alerting.route is not None
    (route,) = alerting.route.routes
    assert [str(one) for one in route.matchers] == ['severity="critical"', 'owner=~"finance.*"']
    assert (route.goes_on, route.timing) == (True, alerting.route.timing)
    assert (len(alerting.inhibitions), len(alerting.maintenance), len(alerting.escalations)) == (1, 1, 1)
    assert definitions[-1].document["route"]["group_wait"] == "30s"


def receiver(**options: Any) -> dict[str, Any]:
    return {"receivers": [*GOOD["receivers"], {"name": "new", **options}]}


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"routes": 1}, "routes: unknown key; known keys are receivers, route,"),
        ({"receivers": {}}, "receivers: must be a list (- name: ...)."),
        (receiver(), "receivers.7: needs one of slack, pagerduty, email, webhook,"),
        (receiver(slak={}), "receivers.7.slak: is no way to tell anybody; there are slack, pagerduty"),
        (receiver(pagerduty={"routing_key": "R0123"}), "receivers.7.pagerduty.routing_key: must be a reference, env:"),
        (receiver(slack={}), "receivers.7.slack: needs webhook_url, or token and channel, and not both."),
        (
            receiver(email={"smtp": "mail", "from": "a", "to": ["b"]}),
            "receivers.7.email.smtp: is no mail server; write",
        ),
        ({"route": {}}, "route.receiver: is missing; the outermost route names"),
        ({"route": {"receiver": "chta"}}, "route.receiver: 'chta' is none of the receivers (did you mean chat?)."),
        ({"route": {"receiver": "chat", "matchers": ["a=b"]}}, "route.matchers: must not be given"),
        ({"route": {"receiver": "chat", "group_wait": 30}}, "route.group_wait: 30 is not a duration; write it with"),
        (
            {"route": {"receiver": "chat", "routes": [{"matchers": ["severity"], "receiver": "chat"}]}},
            "route.routes.0.matchers.0: 'severity' is no matcher",
        ),
        (
            {"silences_from_calendar": [{"matchers": ["a=b"], "cron": "0 99 * * *", "duration": "4h"}]},
            "silences_from_calendar.0.cron: '0 99 * * *' is no cron expression",
        ),
        ({"escalations": [{"after": "15m", "receiver": "nobody"}]}, "escalations.0.receiver: 'nobody' is none of"),
    ],
)
def test_what_is_wrong_is_told_with_its_place_and_the_remedy(changes, fault):
    assert any(one.startswith(fault) for one in faults(**changes)), faults(**changes)


CHAT: dict[str, Any] = {"slack": {"webhook_url": "env:HOOK"}}


def test_a_receiver_can_have_its_own_words():
    own = {"title": "[{{ incident.severity }}] {{ incident.title }}", "text": "{{ event }}\n{{ incident.url or '' }}"}
    definitions, found = alert_definitions({**GOOD, **receiver(**CHAT, templates=own)})
    assert found == []
    assert alerting_of(definitions).receivers["new"].templates == own
    assert alerting_of(definitions).receivers["chat"].templates == {}


@pytest.mark.parametrize(
    ("templates", "fault"),
    [
        ([], ": must be a mapping with title:, text:, or both."),
        ({"titel": "x"}, ".titel: unknown key; known keys are title, text (did you mean title?)."),
        ({"text": 5}, ".text: 5 is wrong: it must be text."),
        ({"title": " \n"}, ".title: the template for new cannot be filled in: it is empty, and a message needs a"),
        ({"text": "a\n{% if event %}"}, ".text: line 2 of the template for new cannot be filled in: Unexpected end of"),
        ({"text": "{{ event | shout }}"}, ".text: line 1 of the template for new cannot be filled in: No filter named"),
        (
            {"text": "a\n\n{{ incidnt.title }}"},
            ".text: line 3 of the template for new cannot be filled in: 'incidnt' is not known; there are version,",
        ),
        (
            {"title": "{{ incident.titel }}"},
            ".title: line 1 of the template for new cannot be filled in: 'titel' is not known; there are id, key,",
        ),
        (
            {"text": "{{ incident.rootCause.message }}"},
            ".text: line 1 of the template for new cannot be filled in: 'message' is asked of what can be null; ask",
        ),
        (
            {"text": "{% for one in incident.signals %}{{ one.labels.owner }}{% endfor %}"},
            ".text: line 1 of the template for new cannot be filled in: 'owner' need not be there; write .get('owner')",
        ),
        (
            {"text": "{% if event == 'resolved' %}{{ 1 / 0 }}{% endif %}"},
            ".text: line 1 of the template for new cannot be filled in: ZeroDivisionError",
        ),
        (
            {"text": "{{ ''.__class__ }}"},
            ".text: line 1 of the template for new cannot be filled in: access to attribute",
        ),
        (
            {"text": "{% macro f() %}{{ f() }}{% endmacro %}{{ f() }}"},
            ".text: line 1 of the template for new cannot be filled in: RecursionError",
        ),
    ],
)
def test_a_template_that_could_fail_is_refused_with_its_line_and_the_remedy(templates, fault):
    (found,) = faults(**receiver(**CHAT, templates=templates))
    assert found.startswith(f"receivers.7.templates{fault}")


def test_the_words_in_the_documentation_are_sound():
    page = (ROOT / "docs" / "alerts.md").read_text(encoding="utf-8")
    shown = next(one for one in re.findall(r"```yaml\n(.*?)```", page, re.DOTALL) if "templates:" in one)
    section = YAML(typ="safe").load(shown)["alerts"]
    definitions, found = alert_definitions({**section, "route": {"receiver": "data-chat"}})
    assert found == []
    told = next(examples())
    texts = texts_of(told, alerting_of(definitions).receivers["data-chat"].templates)
    assert texts.title == f"[CRITICAL] {told['incident']['title']}"
    assert texts.text.split("\n")[1] == f"- {told['incident']['title']} (nobody)"


def test_a_name_that_is_mistyped_is_guessed():
    (found,) = faults(**receiver(**CHAT, templates={"title": "{{ incidnt.title }}"}))
    assert found.endswith(
        "there are version, event, key, receiver, sequence, incident, timeline (did you mean incident?)."
    )


def test_a_webhook_has_no_words_to_choose():
    (found,) = faults(**receiver(webhook={"url": "http://127.0.0.1:9000/"}, templates={"title": "x"}))
    assert found == "receivers.7.templates: must not be given: a webhook receives the whole document; remove it."


def test_a_secret_in_the_wrong_place_is_not_quoted():
    (fault,) = faults(**receiver(pagerduty={"routing_key": "R0123456789"}))
    assert "R0123456789" not in fault
