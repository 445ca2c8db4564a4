"""Lineage as people ask for it: events go in by HTTP, and the graph comes out by GraphQL."""

from typing import Any

import pytest

from gateway.domain.states import RunState
from tests.api.client import Api
from tests.lineage.made import DAY, at, dataset, dataset_event, run_event
from tests.waiting import eventually

pytestmark = pytest.mark.usefixtures("running_lineage")
LAKE = "s3://lake"
GRAPH = """query($start: LineageStart!, $direction: LineageDirection! = BOTH, $depth: Int, $asOf: DateTime,
                  $granularity: LineageGranularity! = JOB, $maxNodes: Int! = 1000) {
  lineage(start: $start, direction: $direction, depth: $depth, asOf: $asOf, granularity: $granularity,
          maxNodes: $maxNodes) {
    truncated
    nodes { __typename ... on Dataset { id name } ... on LineageJob { id name } ... on Pipeline { id name } }
    edges { source target kind }
    columns { nodeIds nodeTypes labels orchestrators states sources targets edgeKinds }
  } }"""


async def graph_of(api: Api, **variables: Any) -> tuple[set[str], set[tuple[str, str, str]]]:
    """Names, and edges by names; both forms of the answer must say the same."""
    found = (await api.ask(GRAPH, **variables))["lineage"]
    names = {node["id"]: node["name"] for node in found["nodes"]}
    edges = {(names[edge["source"]], names[edge["target"]], edge["kind"]) for edge in found["edges"]}
    columns = found["columns"]
    assert columns["nodeIds"] == [node["id"] for node in found["nodes"]]
    assert columns["nodeTypes"] == [node["__typename"] for node in found["nodes"]]
    assert columns["labels"] == [node["name"] for node in found["nodes"]]
    triples = zip(columns["sources"], columns["targets"], columns["edgeKinds"], strict=True)
    assert {(columns["labels"][a], columns["labels"][b], kind) for a, b, kind in triples} == edges
    return set(names.values()), edges


async def names_in(api: Api, **variables: Any) -> set[str]:
    """Names only, while something is still being taken up: then the two forms of an answer may differ for a moment."""
    return {node["name"] for node in (await api.ask(GRAPH, **variables))["lineage"]["nodes"]}


def start(name: str, namespace: str = DAY) -> dict[str, Any]:
    return {"dataset": {"namespace": namespace, "name": name}}


def chain(*steps: tuple[str, str, str], minute: float = 0) -> list[dict[str, Any]]:
    """Complete runs of (input, job, output)."""
    return [
        run_event("COMPLETE", minute, job=job, run=f"{job}-{minute}", inputs=[dataset(one)], outputs=[dataset(other)])
        for one, job, other in steps
    ]


async def test_up_and_down_to_any_depth(api, send):
    await send(*chain(("raw", "clean", "orders"), ("orders", "sum", "totals"), ("totals", "show", "report")))
    names, edges = await graph_of(api, start=start("totals"))
    assert names == {"raw", "clean", "orders", "sum", "totals", "show", "report"}
    assert ("raw", "clean", "DATA") in edges
    assert len(edges) == 6
    assert (await graph_of(api, start=start("totals"), direction="UPSTREAM"))[0] == {
        "totals",
        "sum",
        "orders",
        "clean",
        "raw",
    }
    assert (await graph_of(api, start=start("totals"), direction="DOWNSTREAM", depth=1))[0] == {"totals", "show"}
    assert (await graph_of(api, start=start("totals"), depth=0)) == ({"totals"}, set())
    job = {"job": {"namespace": "jobs", "name": "sum"}}
    assert (await graph_of(api, start=job, depth=1))[0] == {"orders", "sum", "totals"}


async def test_what_is_cut_says_so(api, send):
    await send(*chain(("raw", "clean", "orders"), ("orders", "sum", "totals")))
    found = (await api.ask(GRAPH, start=start("raw"), maxNodes=3))["lineage"]
    assert (len(found["nodes"]), found["truncated"]) == (3, True)
    assert [node["name"] for node in found["nodes"]] == ["raw", "clean", "orders"]
    found = (await api.ask(GRAPH, start=start("raw"), maxNodes=5))["lineage"]
    assert (len(found["nodes"]), found["truncated"]) == (5, False)


async def test_thousands_of_nodes_come_as_columns_only(api, send):
    await send(*chain(("raw", "clean", "orders")))
    asked = """query($start: LineageStart!) { lineage(start: $start, maxNodes: 50000) { %s } }"""
    assert (await api.ask(asked % "columns { nodeIds }", start=start("raw")))["lineage"]["columns"]["nodeIds"]
    error = await api.error(asked % "nodes { __typename }", start=start("raw"))
    assert error["extensions"]["code"] == "QUERY_TOO_COMPLEX"


async def test_the_last_complete_run_counts_and_the_past_stays(api, send):
    await send(*chain(("old", "load", "orders"), minute=0))
    await send(*chain(("new", "load", "orders"), minute=10))
    await send(run_event("START", 20, job="load", run="later", inputs=[dataset("newest")]))
    await send(run_event("COMPLETE", 30, job="load", run="silent"))

    async def settled() -> bool:
        return await names_in(api, start=start("orders")) == {"new", "load", "orders"}

    await eventually(settled)
    assert (await graph_of(api, start=start("orders")))[0] == {"new", "load", "orders"}
    assert (await graph_of(api, start=start("orders"), asOf=at(5)))[0] == {"old", "load", "orders"}
    assert (await graph_of(api, start=start("orders"), asOf=at(15)))[0] == {"new", "load", "orders"}


async def test_names_that_mean_one_dataset_join_also_afterwards(api, send, running_lineage):
    await send(*chain(("raw", "clean", "/sales")), *chain(("db.sales", "sum", "totals")))
    assert (await graph_of(api, start=start("totals")))[0] == {"totals", "sum", "db.sales"}
    link = {"identifiers": [{"namespace": DAY, "name": "db.sales", "type": "TABLE"}]}
    await send(dataset_event(dataset("/sales", DAY, symlinks=link), 5))

    async def joined() -> bool:
        return "raw" in await names_in(api, start=start("totals"))

    await eventually(joined)
    assert "raw" in (await graph_of(api, start=start("totals")))[0]
    asked = """query($namespace: String!, $name: String!) {
      dataset(namespace: $namespace, name: $name) { name aliases { name } } }"""
    one = (await api.ask(asked, namespace=DAY, name="/sales"))["dataset"]
    assert one == (await api.ask(asked, namespace=DAY, name="db.sales"))["dataset"]
    assert {one["name"], one["aliases"][0]["name"]} == {"/sales", "db.sales"}
    await send(dataset_event(dataset("/sales", DAY, symlinks={"_deleted": True}), 6))

    async def parted() -> bool:
        return "raw" not in await names_in(api, start=start("totals"))

    await eventually(parted)
    assert (await graph_of(api, start=start("totals")))[0] == {"totals", "sum", "db.sales"}


async def test_other_spellings_of_a_store_are_the_same_dataset(api, send):
    written = dataset("/orders/", "s3a://lake")
    read = dataset("orders", LAKE)
    await send(run_event("COMPLETE", job="write", outputs=[written]), run_event("COMPLETE", job="read", inputs=[read]))
    assert (await graph_of(api, start=start("orders", LAKE)))[0] == {"write", "orders", "read"}
    assert (await graph_of(api, start=start("/orders/", "s3n://lake")))[0] == {"write", "orders", "read"}


async def test_columns(api, send):
    total = {
        "inputFields": [
            {
                "namespace": DAY,
                "name": "orders",
                "field": "amount",
                "transformations": [{"type": "DIRECT", "subtype": "AGGREGATION", "masking": True}],
            }
        ]
    }
    amount = {"inputFields": [{"namespace": DAY, "name": "raw", "field": "price"}]}
    await send(
        run_event("COMPLETE", job="clean", outputs=[dataset("orders", columnLineage={"fields": {"amount": amount}})]),
        run_event("COMPLETE", job="sum", outputs=[dataset("totals", columnLineage={"fields": {"total": total}})]),
    )
    query = """query($name: String!, $field: String, $direction: LineageDirection! = UPSTREAM) {
      columnLineage(dataset: {namespace: "postgres://db:5432", name: $name}, field: $field, direction: $direction) {
        truncated nodes { id field dataset { name } }
        edges { source target transformations { type subtype description masking } } } }"""
    found = (await api.ask(query, name="totals", field="total"))["columnLineage"]
    names = {node["id"]: (node["dataset"]["name"], node["field"]) for node in found["nodes"]}
    assert list(names.values()) == [("totals", "total"), ("orders", "amount"), ("raw", "price")]
    edges = {(names[one["source"]], names[one["target"]]): one["transformations"] for one in found["edges"]}
    assert edges == {
        (("orders", "amount"), ("totals", "total")): [
            {"type": "DIRECT", "subtype": "AGGREGATION", "description": None, "masking": True}
        ],
        (("raw", "price"), ("orders", "amount")): [],
    }
    down = (await api.ask(query, name="raw", direction="DOWNSTREAM"))["columnLineage"]
    assert [node["field"] for node in down["nodes"]] == ["price", "amount", "total"]
    assert not down["truncated"]
    error = await api.error(query, name="totals", field="nothing")
    assert error["extensions"]["code"] == "NOT_FOUND"
    assert error["extensions"]["remedy"] == "Its columns with lineage are total."


async def test_what_comes_after_it_and_its_columns_as_they_were(api, send):
    def told(source: str, job: str, target: str, minute: float) -> dict[str, Any]:
        made = {"fields": {"x": {"inputFields": [{"namespace": DAY, "name": source, "field": "x"}]}}}
        outputs = [dataset(target, columnLineage=made)]
        return run_event("COMPLETE", minute, job=job, run=f"{job}-{minute}", inputs=[dataset(source)], outputs=outputs)

    await send(told("raw", "clean", "orders", 0), told("orders", "sum", "totals", 10))
    asked = """query($start: LineageStart!, $dataset: DatasetNameInput!, $asOf: DateTime) {
      impact(start: $start, asOf: $asOf) { datasets { name } }
      columnLineage(dataset: $dataset, field: "x", direction: DOWNSTREAM, asOf: $asOf) {
        nodes { dataset { name } } } }"""

    async def seen(as_of: str | None) -> tuple[set[str], set[str]]:
        raw = start("raw")
        found = await api.ask(asked, start=raw, dataset=raw["dataset"], asOf=as_of)
        hurt = {one["name"] for one in found["impact"]["datasets"]}
        return hurt, {one["dataset"]["name"] for one in found["columnLineage"]["nodes"]} - {"raw"}

    async def settled() -> bool:
        return await seen(None) == ({"orders", "totals"}, {"orders", "totals"})

    await eventually(settled)
    assert await seen(at(5)) == ({"orders"}, {"orders"})
    assert await seen(at(15)) == ({"orders", "totals"}, {"orders", "totals"})


@pytest.fixture
async def joined(world, send, running_lineage):
    """Two pipelines that are known, and what their jobs do."""
    airflow = await world.orchestrator("airflow", "airflow")
    ingest = await world.pipeline(airflow, "ingest")
    report = await world.pipeline(airflow, "report")
    await world.structure(ingest, ["load"], set())
    events = [
        run_event(
            "COMPLETE",
            namespace="airflow",
            job="ingest.load",
            run="u1",
            outputs=[dataset("orders")],
            run_facets={
                "airflow": {"dagRun": {"run_id": "manual-1"}},
                "parent": {"job": {"namespace": "airflow", "name": "ingest"}, "run": {"runId": "u0"}},
            },
        ),
        run_event(
            "COMPLETE",
            namespace="airflow",
            job="report",
            run="u2",
            inputs=[dataset("orders")],
            outputs=[dataset("page", ownership={"owners": [{"name": "managers"}]})],
        ),
        run_event("START", namespace="airflow", job="ingest", run="u0"),
    ]
    await world.run(ingest, "manual-1", RunState.SUCCESS)
    await send(*events)

    async def is_joined() -> bool:
        graph = await running_lineage.graph()
        return len(running_lineage.joins.jobs_of(graph, ingest.id)) == 2

    await eventually(is_joined)
    return {"ingest": ingest, "report": report}


async def test_jobs_are_joined_to_pipelines_and_runs(api, joined):
    asked = """{ dataset(namespace: "postgres://db:5432", name: "orders") {
      producers { name pipeline { key } task { key } parent { name } latestState }
      lastWriter { externalId pipeline { key } } }
      pipeline(orchestrator: "airflow", key: "report") { inputs { name } outputs { name } } }"""
    found = await api.ask(asked)
    assert found["dataset"]["producers"] == [
        {
            "name": "ingest.load",
            "pipeline": {"key": "ingest"},
            "task": {"key": "load"},
            "parent": {"name": "ingest"},
            "latestState": "SUCCESS",
        }
    ]
    assert found["dataset"]["lastWriter"] == {"externalId": "manual-1", "pipeline": {"key": "ingest"}}
    assert found["pipeline"] == {"inputs": [{"name": "orders"}], "outputs": [{"name": "page"}]}


async def test_rolled_up_to_pipelines(api, joined):
    names, edges = await graph_of(api, start=start("page"), granularity="PIPELINE")
    assert names == {"ingest", "orders", "report", "page"}
    assert edges == {("ingest", "orders", "DATA"), ("orders", "report", "DATA"), ("report", "page", "DATA")}
    by_key = {"pipeline": {"orchestrator": "airflow", "key": "ingest"}}
    names, _ = await graph_of(api, start=by_key, granularity="PIPELINE", direction="DOWNSTREAM", depth=1)
    assert names == {"ingest", "orders"}
    columns = (await api.ask(GRAPH, start=by_key, granularity="PIPELINE"))["lineage"]["columns"]
    assert dict(zip(columns["labels"], columns["orchestrators"], strict=True))["ingest"] == "airflow"
    assert dict(zip(columns["labels"], columns["states"], strict=True))["ingest"] == "SUCCESS"


async def test_what_a_failure_hurts_and_who_is_to_blame(api, joined, send):
    await send(
        run_event("FAIL", 5, namespace="airflow", job="ingest.load", run="u5"),
        run_event("FAIL", 6, namespace="airflow", job="report", run="u6"),
    )
    hurt = """query($start: LineageStart!) { impact(start: $start) {
      datasets { name } pipelines { key } owners orchestrators { name } } }"""
    by_key = {"pipeline": {"orchestrator": "airflow", "key": "ingest"}}
    assert (await api.ask(hurt, start=by_key))["impact"] == {
        "datasets": [{"name": "orders"}, {"name": "page"}],
        "pipelines": [{"key": "report"}],
        "owners": ["managers"],
        "orchestrators": [{"name": "airflow"}],
    }
    blamed = """query($start: LineageStart!) { rootCauses(start: $start) {
      node { ... on LineageJob { name } } run { externalId } reason path } }"""

    async def is_blamed() -> list[Any]:
        return (await api.ask(blamed, start=start("page")))["rootCauses"]

    (cause,) = await eventually(is_blamed)
    assert cause["node"] == {"name": "ingest.load"}
    assert cause["reason"] == "ingest.load, 3 steps above: its latest run ended as FAILED"
    assert len(cause["path"]) == 4


async def test_search_finds_all_kinds(api, joined):
    found = (
        await api.ask("""{ search(text: "IN") { __typename
      ... on Pipeline { name } ... on LineageJob { name } } }""")
    )["search"]
    assert [(one["__typename"], one["name"]) for one in found] == [
        ("Pipeline", "ingest"),
        ("LineageJob", "ingest"),
        ("LineageJob", "ingest.load"),
    ]


@pytest.mark.parametrize(
    ("asked", "code", "told"),
    [
        ({}, "BAD_USER_INPUT", "start: has no member."),
        ({"id": "x", "job": {"namespace": "a", "name": "b"}}, "BAD_USER_INPUT", "start: has id and job."),
        ({"id": "nonsense"}, "BAD_USER_INPUT", "start.id: 'nonsense' is not an id."),
        (start("nothing"), "NOT_FOUND", f"start.dataset: there is no dataset {DAY} nothing."),
        ({"job": {"namespace": "a", "name": "b"}}, "NOT_FOUND", "start.job: there is no lineage job a b."),
        ({"pipeline": {"orchestrator": "a", "key": "b"}}, "NOT_FOUND", "start.pipeline: there is no pipeline a/b."),
    ],
)
async def test_a_start_that_cannot_be_used_says_why(api, asked, code, told):
    error = await api.error(GRAPH, start=asked)
    assert (error["extensions"]["code"], error["message"]) == (code, told)
    assert error["extensions"]["remedy"]
