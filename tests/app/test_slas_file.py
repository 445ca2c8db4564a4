"""SLAs in podium.yaml: what is read, what a plan says, and every fault with its line and remedy."""

from datetime import UTC, datetime, timedelta

import pytest

from gateway.app.config.apply import apply_file, plan_file
from gateway.app.config.faults import ConfigError
from gateway.app.config.load import load_text
from gateway.domain.observation import ObservedPipeline
from gateway.domain.slas import SlaKind, SlaSpec
from gateway.store.repository import orchestrators, pipelines, slas
from tests.store.conftest import database

__all__ = ["database"]  # on both

NOW = datetime(2026, 5, 1, 7, tzinfo=UTC)
HEAD = """\
orchestrators:
  - {name: dagster, kind: dagster, url: "http://d"}
slas:
"""
SALES = """\
  - name: sales-by-nine
    pipeline: dagster/marts
    kind: deadline
    deadline: "09:00"
    timezone: Europe/Zurich
    calendar: business-days:CH-ZH
    days_off: [2026-12-24, 12-31]
    objective: 0.99
    owner: sales-analytics
"""


async def test_a_plan_shows_it_as_people_write_it_and_applying_makes_it_so(database):
    file = load_text(HEAD + SALES)
    made = await plan_file(database, file, NOW)
    assert [change.name for change in made] == ["dagster", "slas.sales-by-nine"]
    await apply_file(database, file, NOW)
    assert await plan_file(database, file, NOW) == []
    async with database.read() as session:
        (stored,) = await slas.active(session)
    assert stored.origin == "CONFIG"
    assert (stored.spec.deadline, stored.spec.days_off) == (timedelta(hours=9), ("2026-12-24", "12-31"))
    (change,) = await plan_file(database, load_text(HEAD + SALES.replace("09:00", "25:30")), NOW)
    assert (change.action, change.name) == ("update", "slas.sales-by-nine")
    assert [(field.field, field.before, field.after) for field in change.fields] == [("deadline", "09:00", "25:30")]
    await apply_file(database, load_text(HEAD.removesuffix("slas:\n")), NOW)
    async with database.read() as session:
        assert await slas.active(session) == []


ACTIONS = """\
    actions:
      - {on: at_risk, trigger: dagster/marts, parameters: {mode: fast}}
      - {on: missed, retry: true}
      - {on: missed, notify: pager}
      - {on: at_risk, severity: error}
alerts:
  receivers: [{name: pager, webhook: {url: "http://127.0.0.1:9"}}]
  route: {receiver: pager}
"""


async def test_what_is_done_about_it_is_kept_as_it_is_written(database):
    file = load_text(HEAD + SALES + ACTIONS)
    await apply_file(database, file, NOW)
    assert await plan_file(database, file, NOW) == []
    async with database.read() as session:
        (stored,) = await slas.active(session)
    assert stored.spec.actions == file.slas[0].actions
    assert [one.notify for one in stored.spec.actions] == [None, None, "pager", None]
    (change,) = await plan_file(database, load_text(HEAD + SALES + ACTIONS.replace("fast", "slow")), NOW)
    assert [field.field for field in change.fields] == ["actions"]


@pytest.mark.parametrize(
    ("action", "fault"),
    [
        ("{on: met, retry: true}", "slas[0].actions[0].on: must be at_risk or missed."),
        ("{on: missed}", "slas[0].actions[0]: needs one of trigger, retry, notify, severity, and no second one."),
        ("{on: missed, retry: true, notify: pager}", "needs one of trigger, retry, notify, severity, and no second"),
        ("{on: missed, retry: true, parameters: {a: 1}}", "slas[0].actions[0].parameters: belong to trigger:."),
        (
            '{on: missed, trigger: memory-1/a, parameters: {day: "{{ due }}"}}',
            "parameters.day: '{{ due }}' cannot be filled in: 'due' is undefined; there are key, sla and state.",
        ),
        ("{on: missed, notify: pagr}", "actions[0].notify: 'pagr' is none of the receivers (did you mean pager?)."),
        ("{on: missed, trigger: airflow/x}", "names the orchestrator 'airflow', which this file does not define"),
        ("{on: missed, severity: bad}", "slas[0].actions[0].severity: 'bad' is none of info, warning, error, critical"),
    ],
)
def test_what_cannot_be_done_about_it(action, fault):
    alerts = ACTIONS[ACTIONS.index("alerts:") :]
    with pytest.raises(ConfigError) as error:
        load_text(f"{HEAD}{SALES}    actions: [{action}]\n{alerts}")
    assert fault in str(error.value)


def entry(more: str, kind: str = "deadline", about: str = "pipeline: dagster/marts") -> str:
    return f"  - {{name: x, {about}, kind: {kind}, {more}}}\n"


FAULTS = [
    ("  - {name: x, pipeline: dagster/marts}", "4: slas[0].kind: is missing; add it."),
    (entry("deadline: 9"), 'slas[0].deadline: 9 is no time of a day; write it in quotes: "09:00".'),
    (entry('deadline: "9h"'), "'9h' is no time of a day; write 09:00, or 25:30 for 01:30 of the day after."),
    (entry('deadline: "48:00"'), "'48:00' is no time of a day"),
    (entry('deadline: "09:00", timezone: Zurich'), "slas[0].timezone: 'Zurich' is no time zone"),
    (
        entry('deadline: "09:00", calendar: MON-FRY'),
        "'MON-FRY' names no days; write MON-FRI, 1,3,5 or business-days:CH.",
    ),
    (entry('deadline: "09:00", calendar: business-days:XX'), "'XX' is no country or market that is known"),
    (entry('deadline: "09:00", calendar: business-days:CH-XX'), "'XX' is no part of CH that is known"),
    (entry('deadline: "09:00", days_off: ["24.12."]'), "days_off[0]: '24.12.' is no day; write 2026-12-24, or 12-24"),
    (entry('deadline: "09:00", days_off: ["02-30"]'), "days_off[0]: '02-30' is no day"),
    (
        entry('deadline: "09:00", objective: 99'),
        "slas[0].objective: 99.0 is no share; write a number above 0 and up to 1",
    ),
    (entry('deadline: "09:00", limit: 2h'), "slas[0].limit: has no meaning for an SLA of kind deadline; remove it."),
    (entry("owner: me"), "slas[0]: deadline is missing; an SLA of kind deadline needs it."),
    (entry("limit: 2h", "freshnes"), "'freshnes' is none of deadline, freshness, duration, success_rate (did you mean"),
    (entry("limit: 0s", "freshness"), "slas[0].limit: must be longer than nothing"),
    (
        entry("limit: 2h, deviations: 3", "duration"),
        "slas[0]: an SLA of kind duration needs one of limit: and deviations:.",
    ),
    (entry("target_rate: 0.9", "success_rate"), "slas[0]: window is missing; an SLA of kind success_rate needs it."),
    (
        entry("limit: 2h", "duration", "dataset: {namespace: db, name: t}"),
        "slas[0].dataset: has no runs, so nothing of kind duration can be promised of it.",
    ),
    (entry('deadline: "09:00"', about="owner: me"), "slas[0]: must be about one thing: pipeline: or dataset:."),
    (
        entry('deadline: "09:00"', about="pipeline: dagstr/marts"),
        "'dagstr', which this file does not define (did you mean",
    ),
    (entry('deadline: "09:00"') * 2, "slas[1].name: 'x' is the name of slas[0] already; use another."),
    ("  - sales", "slas[0]: is not an SLA; write name:, kind: and pipeline: or dataset:."),
]


@pytest.mark.parametrize(("text", "told"), FAULTS)
def test_every_fault_is_told_with_its_remedy(text, told):
    with pytest.raises(ConfigError) as raised:
        load_text(HEAD + text)
    assert told in str(raised.value)


async def test_a_pipeline_that_is_not_there_is_told_with_the_nearest_name(database):
    await apply_file(database, load_text(HEAD.removesuffix("slas:\n")), NOW)
    async with database.write() as session:
        dagster = await orchestrators.by_name(session, "dagster")
        assert dagster is not None
        await pipelines.save_listed(session, dagster.id, [ObservedPipeline("mart", "mart")], NOW)
        await orchestrators.save_listed(session, dagster.id, NOW)
    with pytest.raises(
        ConfigError, match=r"slas\[0\].pipeline: dagster has no pipeline 'marts' \(did you mean mart\?\)"
    ):
        await plan_file(database, load_text(HEAD + SALES), NOW)


async def test_what_the_api_made_is_not_taken_over(database):
    async with database.write() as session:
        spec = SlaSpec("sales-by-nine", SlaKind.DEADLINE, deadline=timedelta(hours=9))
        await slas.define(session, spec, "API", NOW)
    with pytest.raises(ConfigError, match="was made through the API; delete it there first"):
        await apply_file(database, load_text(HEAD + SALES), NOW)
