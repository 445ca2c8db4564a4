"""One text, and all that it leads to."""

from datetime import timedelta

import pytest

from gateway.domain.dependencies import PipelineRef
from gateway.domain.slas import SlaKind, SlaSpec
from gateway.store.repository import findings, orchestrators, slas
from tests.sync.vendor import T0

pytestmark = pytest.mark.usefixtures("running_lineage")

FIND = """query($text: String!, $first: Int! = 5) { find(text: $text, first: $first) {
  pipelines { key orchestrator { name } } tasks { task { key } pipeline { key } } runs { externalId }
  datasets { name } jobs { name } slas { name } dependencies { name } incidents { title } orchestrators { name } } }"""
KINDS = ("pipelines", "tasks", "runs", "datasets", "jobs", "slas", "dependencies", "incidents", "orchestrators")


@pytest.fixture
async def company(world):
    """Two systems with a pipeline of the same name."""
    for name in ("airflow-prod", "dagster"):
        system = await world.orchestrator(name)
        sales = await world.pipeline(system, "load_sales")
        await world.structure(sales, ["extract", "load"], {("extract", "load")})
        await world.run(sales, f"sales__{name}")
    async with world.database.write() as session:
        ref = PipelineRef("dagster", "load_sales")
        spec = SlaSpec("sales-by-nine", SlaKind.DURATION, ref, limit=timedelta(hours=1), objective=0.9)
        await slas.define(session, spec, "API", T0)


async def found(api, text: str, **more) -> dict[str, list[str]]:
    """Those kinds in which something was found, in words."""
    said = (await api.ask(FIND, text=text, **more))["find"]
    return {kind: [words_of(one) for one in some] for kind, some in said.items() if some}


def words_of(one) -> str:
    match one:
        case {"task": task, "pipeline": pipeline}:
            return f"{pipeline['key']}.{task['key']}"
        case {"key": key, "orchestrator": at}:
            return f"{at['name']}/{key}"
        case _:
            return next(iter(one.values()))


async def test_a_text_leads_to_all_kinds(api, company):
    assert await found(api, "Sales") == {
        "pipelines": ["airflow-prod/load_sales", "dagster/load_sales"],
        "runs": ["sales__dagster", "sales__airflow-prod"],
        "slas": ["sales-by-nine"],
    }
    assert (await found(api, "dagster"))["orchestrators"] == ["dagster"]
    assert await found(api, "sales", first=1) == {
        "pipelines": ["airflow-prod/load_sales"],
        "runs": ["sales__dagster"],
        "slas": ["sales-by-nine"],
    }


async def test_every_word_counts_wherever_it_stands(api, company):
    assert (await found(api, "sales dag")) == {"pipelines": ["dagster/load_sales"]}
    assert await found(api, "sales extract", first=1) == {"tasks": ["load_sales.extract"]}
    assert await found(api, "sales nothing") == {}
    assert (await api.ask(FIND, text="  "))["find"] == {kind: [] for kind in KINDS}
    assert await found(api, "%") == {}


async def test_what_is_gone_is_not_found(api, company, world, database):
    async with database.write() as session:
        await orchestrators.remove(session, "dagster", world.now)
        await slas.remove(session, "sales-by-nine", world.now)
    assert await found(api, "sales") == {
        "pipelines": ["airflow-prod/load_sales"],
        "runs": ["sales__dagster", "sales__airflow-prod"],
    }


async def test_a_run_is_found_by_its_own_identifier_whether_few_or_many_match(api, world, monkeypatch):
    pipeline = await world.pipeline(await world.orchestrator())
    for number, name in enumerate(("backfill-7", "7", "7-again", "17")):
        await world.run(pipeline, name, queued_at=world.now + timedelta(minutes=number))
    assert (await found(api, "7"))["runs"] == ["7", "7-again", "17", "backfill-7"]
    monkeypatch.setattr(findings, "MANY_RUNS", 2)
    assert (await found(api, "7", first=3))["runs"] == ["17", "7-again", "7"]


async def test_it_is_no_way_around_the_limits(api):
    error = await api.error('{ find(text: "x", first: 501) { slas { name } } }')
    assert error["extensions"]["code"] == "BAD_USER_INPUT"
    assert (await api.error(FIND, text="x", first=500))["extensions"]["code"] == "QUERY_TOO_COMPLEX"
