"""Dependencies in podium.yaml: what is read, what a plan says, and every fault with its line and remedy."""

from datetime import UTC, datetime, timedelta

import pytest

from gateway.app.config.apply import LISTING_HOLDS, apply_file, plan_file
from gateway.app.config.faults import ConfigError
from gateway.app.config.load import load_text
from gateway.domain.observation import ObservedPipeline
from gateway.store.repository import dependencies, orchestrators, pipelines
from lineage.openlineage.check import check
from lineage.projection import project
from tests.api.world import World
from tests.lineage.made import dataset, run_event
from tests.store.conftest import database

__all__ = ["database"]  # on both

NOW = datetime(2026, 5, 1, 7, tzinfo=UTC)
HEAD = """\
orchestrators:
  - {name: airflow, kind: airflow, url: "http://a", auth: {username: u, password: env:P}}
  - {name: prefect, kind: prefect, url: "http://p"}
  - {name: dagster, kind: dagster, url: "http://d"}
dependencies:
"""
MARTS = """\
  - name: marts
    keyed_by: day
    timezone: Europe/Zurich
    upstream: [airflow/ingest, {any: [prefect/crm, {pipeline: prefect/crm2, states: [failed], offset: 1}]}]
    target: dagster/marts
    parameters: {day: "{{ key }}", runs: ["{{ upstream[0].run.id }}"]}
    timeout: 3h
"""


async def test_a_plan_shows_it_as_people_write_it_and_applying_makes_it_so(database):
    file = load_text(HEAD + MARTS)
    await apply_file(database, file, NOW)
    assert await plan_file(database, file, NOW) == []
    changed = load_text(HEAD + MARTS.replace("offset: 1", "offset: 2").replace("3h", "PT4H"))
    (change,) = await plan_file(database, changed, NOW)
    assert (change.action, change.name) == ("update", "dependencies.marts")
    assert [(field.field, field.before, field.after) for field in change.fields] == [
        (
            "upstream[1]",
            "any of (prefect/crm, prefect/crm2 (states failed, offset 1))",
            "any of (prefect/crm, prefect/crm2 (states failed, offset 2))",
        ),
        ("timeout", "3h", "4h"),
    ]
    await apply_file(database, load_text(HEAD.removesuffix("dependencies:\n")), NOW)
    async with database.read() as session:
        assert await dependencies.active(session) == []


def upstream(entry: str) -> str:
    return f"  - {{name: other, upstream: [{entry}], target: dagster/marts}}\n"


FAULTS = [
    ("  - {name: x, target: dagster/marts}", "6: dependencies[0].upstream: is missing; add it."),
    (upstream("airflow"), "upstream[0].pipeline: 'airflow' is no pipeline; write it like airflow-prod/ingest_sales."),
    (upstream("airfow/a"), "'airfow', which this file does not define (did you mean airflow?)."),
    (upstream("{pipeline: airflow/a, states: [running]}"), "[0].states: running is no state in which a run ends."),
    (upstream("{pipeline: airflow/a, states: [sucess]}"), "skipped, unknown (did you mean success?)."),
    (upstream("{pipeline: airflow/a, every: day}"), "upstream[0].every: a run is not made of whole days."),
    (upstream("{pipeline: airflow/a, any: [airflow/b]}"), "must have one of pipeline:, dataset:, cron:, all: or any:."),
    (upstream("{dataset: {namespace: n, name: t}}"), "upstream[0].dataset: writes have no run;"),
    (upstream("{dataset: {namespace: n, name: t}, fresh_within: 2h}"), "upstream: nothing in it says for which key:"),
    (upstream("{pipeline: airflow/a, fresh_within: 2h}"), "fresh_within: is for a dataset: only."),
    (upstream("{cron: '0 6 * *', lasts: 2h}, airflow/a"), "[0].cron: '0 6 * *' is no cron expression (wrong number of"),
    (upstream("{cron: '0 6 * * *'}, airflow/a"), "cron: and lasts: belong together"),
    (upstream("{cron: '0 6 * * *', lasts: 2h}"), "neither fresh_within nor cron alone begins a firing"),
    (upstream("{dataset: {namespace: n, name: t}, task: a}"), "task: is for a pipeline: only."),
    (upstream("{pipeline: airflow/a, partitions: [eu]}"), "[0].partitions: has a meaning for stretches of time only"),
    (upstream("airflow/a, prefect/b"), "keyed_by: with keyed_by: run each run fires by itself"),
    (upstream("dagster/marts"), "would start each other for ever: dagster/marts -> dagster/marts."),
    (MARTS.replace("Zurich", "Zurick"), "'Europe/Zurick' is no time zone (did you mean Europe/Zurich?)"),
    (MARTS.replace("{{ key }}", "{{ kee }}"), "parameters.day: '{{ kee }}' cannot be filled in: 'kee' is undefined."),
    (MARTS.replace("{{ key }}", "{{ key "), "parameters.day: '{{ key ' cannot be filled in: "),
    (MARTS.replace("key }}", "''.__class__ }}"), "access to attribute '__class__' of 'str' object is unsafe."),
    (MARTS + MARTS, "dependencies[1].name: 'marts' is the name of dependencies[0] already; use another."),
    (MARTS.replace("day", "week").replace("offset: 1", "every: month"), "a week is not made of whole months."),
    (
        MARTS + "  - {name: back, upstream: [dagster/marts], target: airflow/ingest}",
        "would start each other for ever: airflow/ingest -> dagster/marts -> airflow/ingest.",
    ),
]


@pytest.mark.parametrize(("entries", "said"), FAULTS)
def test_faults(entries, said):
    with pytest.raises(ConfigError) as raised:
        load_text(HEAD + entries)
    assert said in str(raised.value)


async def test_a_pipeline_that_is_not_there_is_named_with_the_nearest_once_its_orchestrator_was_listed(database):
    file = load_text(HEAD + MARTS)
    await apply_file(database, file, NOW)  # nothing is known yet
    async with database.write() as session:
        airflow = await orchestrators.by_name(session, "airflow")
        assert airflow is not None
        await orchestrators.save_listed(session, airflow.id, NOW)
    await World(database, NOW).pipeline(airflow, "ingest_all")
    with pytest.raises(ConfigError) as raised:
        await apply_file(database, file, NOW)
    where = "podium.yaml:9: dependencies[0].upstream[0]"
    assert str(raised.value) == f"{where}: airflow has no pipeline 'ingest' (did you mean ingest_all?)."
    async with database.read() as session:
        assert await pipelines.keys_of(session, airflow.id) == ["ingest_all"]


async def all_listed(database) -> None:
    async with database.write() as session:
        for known in await orchestrators.active(session):
            await orchestrators.save_listed(session, known.id, NOW)


async def test_what_was_listed_long_ago_says_nothing_of_what_is_new(database):
    file = load_text(HEAD + MARTS)
    await apply_file(database, load_text(HEAD.removesuffix("dependencies:\n")), NOW)
    await all_listed(database)
    with pytest.raises(ConfigError, match="airflow has no pipeline 'ingest'"):
        await apply_file(database, file, NOW + LISTING_HOLDS)
    (made,) = await apply_file(database, file, NOW + LISTING_HOLDS + timedelta(seconds=1))
    assert made.name == "dependencies.marts"


async def test_what_another_address_listed_says_nothing_of_this_one(database):
    await apply_file(database, load_text(HEAD.removesuffix("dependencies:\n")), NOW)
    await all_listed(database)
    moved = load_text((HEAD + MARTS).replace('"http://', '"http://new-'))
    assert "dependencies.marts" in {change.name for change in await apply_file(database, moved, NOW)}
    async with database.read() as session:
        assert await pipelines.listed_keys(session, {"airflow", "dagster"}) == {"airflow": None, "dagster": None}


async def test_data_that_leads_back_is_told_with_its_line(database):
    file = load_text(HEAD + MARTS)
    await apply_file(database, file, NOW)
    world = World(database, NOW)
    async with database.write() as session:
        for name, key in (("airflow", "ingest"), ("prefect", "crm"), ("dagster", "marts")):
            orchestrator = await orchestrators.by_name(session, name)
            assert orchestrator is not None
            await pipelines.save_listed(session, orchestrator.id, [ObservedPipeline(key, key)], world.now)
        told = [
            run_event("COMPLETE", namespace="dagster", job="marts", outputs=[dataset("totals")]),
            run_event("COMPLETE", namespace="airflow", job="ingest", inputs=[dataset("totals")]),
        ]
        await project(session, [check(event) for event in told])
    with pytest.raises(ConfigError) as raised:
        await plan_file(database, file, NOW)
    way = "dagster/marts -> totals -> airflow/ingest -> dagster/marts"
    assert f"podium.yaml:6: dependencies[0]: it closes a cycle: {way}; where that is meant" in str(raised.value)
    meant = load_text(HEAD + MARTS.replace("target:", "allow_cycle: true\n    target:"))
    (change,) = await apply_file(database, meant, NOW)
    assert [field.field for field in change.fields] == ["allow_cycle"]
