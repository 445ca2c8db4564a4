"""What is known of a dataset: its columns and versions, its life, and why it has the names it has."""

from typing import Any

import pytest

from tests.lineage.made import DAY, dataset, run_event
from tests.waiting import eventually

pytestmark = pytest.mark.usefixtures("running_lineage")


async def test_a_dataset_is_dropped_until_it_is_written_again(api, send):
    async def told() -> tuple[str | None, bool]:
        query = '{ dataset(namespace: "postgres://db:5432", name: "t") { lifecycle isDropped } }'
        found = (await api.ask(query))["dataset"]
        return found["lifecycle"], found["isDropped"]

    def changed(how: str) -> dict[str, Any]:
        return dataset("t", lifecycleStateChange={"lifecycleStateChange": how})

    await send(run_event("COMPLETE", 0, job="make", outputs=[changed("CREATE")]))
    await eventually(told, lambda found: found == ("CREATE", False))
    await send(run_event("COMPLETE", 2, job="empty", outputs=[changed("TRUNCATE")]))
    await eventually(told, lambda found: found == ("TRUNCATE", False))
    await send(run_event("COMPLETE", 4, job="remove", outputs=[changed("DROP")]))
    await eventually(told, lambda found: found == ("DROP", True))
    await send(run_event("COMPLETE", 3, job="late", run="r2", outputs=[dataset("t")]))
    assert await told() == ("DROP", True)
    await send(run_event("COMPLETE", 5, job="make", run="r3", outputs=[dataset("t")]))
    await eventually(told, lambda found: found == ("DROP", False))


async def test_what_was_merged_and_why(api, send):
    linked = dataset("t", symlinks={"identifiers": [{"namespace": DAY, "name": "old", "type": "TABLE"}]})
    await send(
        run_event("COMPLETE", job="write", outputs=[dataset("/orders/", "s3a://lake"), linked, dataset("alone")])
    )
    told, after = [], None
    while after is None or told[-1]["pageInfo"]["hasNextPage"]:
        page = await api.ask(
            """query($after: String) { mergedDatasets(first: 1, after: $after) { pageInfo { hasNextPage endCursor }
            edges { node { name merges { name { namespace name } other { namespace name } reason } } } } }""",
            after=after,
        )
        told.append(page["mergedDatasets"])
        after = told[-1]["pageInfo"]["endCursor"]
    merges = [
        (merge["name"]["name"], merge["other"]["name"], merge["reason"])
        for page in told
        for edge in page["edges"]
        for merge in edge["node"]["merges"]
    ]
    assert sorted(merges) == [
        ("/orders/", "orders", "s3a is s3; slashes around a path mean nothing"),
        ("t", "old", "symlink"),
    ]


async def test_a_dataset_with_all_that_is_known_of_it(api, send):
    fields = {"fields": [{"name": "id", "type": "int"}, {"name": "who", "fields": [{"name": "mail", "type": "text"}]}]}
    made = dataset(
        "orders",
        schema=fields,
        documentation={"description": "One row per order"},
        ownership={"owners": [{"name": "sales", "type": "TEAM"}]},
        tags={"tags": [{"key": "gold", "value": "true"}, {"key": "pii", "value": "yes", "field": "who.mail"}]},
        version={"datasetVersion": "7"},
    )
    await send(
        run_event("COMPLETE", 3, outputs=[made]), run_event("COMPLETE", 9, run="r2", outputs=[dataset("orders")])
    )
    asked = """{ dataset(namespace: "postgres://db:5432", name: "orders") {
      name description owners tags lastUpdatedAt producers { name } consumers { name }
      fields { name type tags }
      versions(first: 1) {
        totalCount pageInfo { endCursor hasNextPage } edges { node { lineageRunId createdAt } } } } }"""
    found = (await api.ask(asked))["dataset"]
    versions = found.pop("versions")
    assert found == {
        "name": "orders",
        "description": "One row per order",
        "owners": ["sales"],
        "tags": ["gold"],
        "lastUpdatedAt": "2026-05-01T07:09:00Z",
        "producers": [{"name": "load"}],
        "consumers": [],
        "fields": [
            {"name": "id", "type": "int", "tags": []},
            {"name": "who", "type": None, "tags": []},
            {"name": "who.mail", "type": "text", "tags": ["pii=yes"]},
        ],
    }
    assert versions["edges"] == [{"node": {"lineageRunId": "r2", "createdAt": "2026-05-01T07:09:00Z"}}]
    assert (versions["totalCount"], versions["pageInfo"]["hasNextPage"]) == (2, True)
    older = """query($after: String) { dataset(namespace: "postgres://db:5432", name: "orders") {
      versions(after: $after) { edges { node { version fields { name } } } } } }"""
    rest = (await api.ask(older, after=versions["pageInfo"]["endCursor"]))["dataset"]["versions"]["edges"]
    assert [edge["node"] for edge in rest] == [
        {"version": "7", "fields": [{"name": "id"}, {"name": "who"}, {"name": "who.mail"}]}
    ]
