"""Lists: pages that neither repeat nor miss while rows come in, filters, counts."""

from datetime import timedelta

import pytest

from gateway.domain.observation import ObservedRun
from gateway.domain.states import RunState, RunTrigger
from tests.sync.vendor import T0

RUNS = """query ($first: Int, $after: String, $filter: RunFilter, $direction: SortDirection! = DESC) {
  runs(first: $first, after: $after, filter: $filter, direction: $direction) {
    edges { cursor node { externalId } }
    pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
    totalCount
  }
}"""
PIPELINES = """query ($first: Int, $after: String, $filter: PipelineFilter) {
  pipelines(first: $first, after: $after, filter: $filter) {
    edges { cursor node { key orchestrator { name } } } pageInfo { hasNextPage hasPreviousPage endCursor } totalCount
  }
}"""


def names(page) -> list[str]:
    return [edge["node"].get("externalId") or edge["node"]["key"] for edge in page["edges"]]


async def test_pages_of_runs_hold_every_run_once_while_new_ones_come_in(api, world):
    ingest = await world.pipeline(await world.orchestrator())
    same_time = [ObservedRun("ingest", f"r{n:02}", RunState.SUCCESS, "success", queued_at=T0) for n in range(12)]
    await world.runs(ingest, same_time)
    seen, after, pages = [], None, 0
    while True:
        page = (await api.ask(RUNS, first=5, after=after))["runs"]
        seen += names(page)
        pages += 1
        assert page["pageInfo"]["hasPreviousPage"] is (after is not None)
        if not page["pageInfo"]["hasNextPage"]:
            break
        after = page["pageInfo"]["endCursor"]
        await world.run(ingest, f"new-{pages}", queued_at=T0 + timedelta(hours=pages))
        await world.run(ingest, f"r{pages:02}", RunState.FAILED, ended_at=T0 + timedelta(hours=9))
    assert seen == [f"r{n:02}" for n in reversed(range(12))]
    assert pages == 3


async def test_the_other_way_round(api, world):
    await world.some_runs(7)
    forward, after = [], None
    for _ in range(2):
        page = (await api.ask(RUNS, first=4, after=after, direction="ASC"))["runs"]
        forward += names(page)
        after = page["pageInfo"]["endCursor"]
    assert forward == [f"run-{n}" for n in range(7)]


LONGEST = """query ($after: String, $orderBy: RunOrder! = DURATION) {
  runs(first: 2, after: $after, orderBy: $orderBy) {
    edges { cursor node { externalId duration } } pageInfo { hasNextPage endCursor }
  }
}"""


async def test_the_longest_runs_come_first_and_go_on_from_their_own_cursors_only(api, world):
    ingest = await world.pipeline(await world.orchestrator())
    for key, minutes in {"short": 1, "going-on": None, "long": 9, "middle": 5, "as-long": 9}.items():
        ends = None if minutes is None else T0 + timedelta(minutes=minutes)
        state = RunState.RUNNING if ends is None else RunState.SUCCESS
        await world.run(ingest, key, state, started_at=T0, ended_at=ends)
    seen, after, goes_on = [], None, True
    while goes_on:
        page = (await api.ask(LONGEST, after=after))["runs"]
        seen += names(page)
        after, goes_on = page["pageInfo"]["endCursor"], page["pageInfo"]["hasNextPage"]
    assert seen == ["as-long", "long", "middle", "short", "going-on"]
    error = await api.error(LONGEST, after=after, orderBy="TIME")
    assert "is not a cursor of this list" in error["message"]
    by_time = (await api.ask(LONGEST, orderBy="TIME"))["runs"]["pageInfo"]["endCursor"]
    assert "is not a cursor of this list" in (await api.error(LONGEST, after=by_time))["message"]


async def test_a_page_without_elements(api, world):
    await world.some_runs(3)
    page = (await api.ask(RUNS, first=0))["runs"]
    assert page == {
        "edges": [],
        "pageInfo": {"hasNextPage": False, "hasPreviousPage": False, "startCursor": None, "endCursor": None},
        "totalCount": 3,
    }


async def test_fifty_by_default_and_five_hundred_at_most(api, world):
    await world.some_runs(520, pipelines=1, orchestrators=1)
    page = (await api.ask(RUNS))["runs"]
    assert len(page["edges"]) == 50
    assert page["totalCount"] == 520
    page = (await api.ask(RUNS, first=500))["runs"]
    assert len(page["edges"]) == 500
    assert page["pageInfo"]["hasNextPage"] is True


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ({"orchestrators": ["prefect"]}, {"p1"}),
        ({"orchestrators": ["prefect", "airflow"]}, {"a1", "a2", "a3", "p1"}),
        ({"orchestrators": ["nobody"]}, set()),
        ({"states": ["FAILED"]}, {"a2"}),
        ({"states": ["FAILED", "RUNNING"]}, {"a2", "a3"}),
        ({"triggers": ["MANUAL"]}, {"a2"}),
        ({"startedAfter": "2026-05-01T09:00:00+02:00"}, {"a1", "a2", "p1"}),
        ({"startedBefore": "2026-05-01T07:00:01Z"}, {"a1", "p1"}),
        ({"startedAfter": "2026-05-01T07:01:00Z", "startedBefore": "2026-05-01T07:01:00Z"}, set()),
        ({"logicalAt": "2026-05-01T07:00:00Z"}, {"a3"}),
        ({"search": "A2"}, {"a2"}),
        ({"search": "crm"}, {"p1"}),
        ({"search": "%"}, set()),
        ({"orchestrators": ["airflow"], "states": ["SUCCESS"]}, {"a1"}),
        ({"states": [], "orchestrators": None}, {"a1", "a2", "a3", "p1"}),
    ],
)
async def test_filters_of_runs(api, world, wanted, found):
    ingest = await world.pipeline(await world.orchestrator("airflow"), "ingest")
    crm = await world.pipeline(await world.orchestrator("prefect"), "k1", name="CRM sync")
    await world.run(ingest, "a1", started_at=T0)
    await world.run(ingest, "a2", RunState.FAILED, trigger=RunTrigger.MANUAL, started_at=T0 + timedelta(minutes=1))
    await world.run(ingest, "a3", RunState.RUNNING, logical_at=T0)
    await world.run(crm, "p1", started_at=T0)
    page = (await api.ask(RUNS, filter=wanted))["runs"]
    assert set(names(page)) == found
    assert page["totalCount"] == len(found)


async def test_runs_of_given_pipelines(api, world):
    await world.some_runs(9, pipelines=3)
    everything = (await api.ask("{ pipelines { edges { node { id key } } } }"))["pipelines"]["edges"]
    ids = {edge["node"]["key"]: edge["node"]["id"] for edge in everything}
    page = (await api.ask(RUNS, filter={"pipelines": [ids["job-0"], ids["job-2"]]}))["runs"]
    assert names(page) == ["run-8", "run-6", "run-5", "run-3", "run-2", "run-0"]


async def test_pages_of_pipelines_go_by_name(api, world):
    for system in ("b", "a"):
        place = await world.orchestrator(system)
        for key in ("x", "m", "Ä/weird: key", "m"):
            await world.pipeline(place, key)
    seen, after = [], None
    while True:
        page = (await api.ask(PIPELINES, first=2, after=after))["pipelines"]
        seen += [(edge["node"]["key"], edge["node"]["orchestrator"]["name"]) for edge in page["edges"]]
        assert page["totalCount"] == 6
        if not page["pageInfo"]["hasNextPage"]:
            break
        after = page["pageInfo"]["endCursor"]
    assert len(seen) == len(set(seen)) == 6
    assert [key for key, _ in seen if key.isascii()] == ["m", "m", "x", "x"]


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ({"search": "SALES"}, {"ingest_sales", "k2"}),
        ({"owners": ["ada"]}, {"ingest_sales"}),
        ({"owners": ["ada", "bob"]}, {"ingest_sales", "k2"}),
        ({"tags": ["daily"], "owners": ["bob"]}, {"k2"}),
        ({"isPaused": True}, {"k2"}),
        ({"latestState": ["FAILED"]}, {"ingest_sales"}),
        ({"orchestrators": ["nobody"]}, set()),
        ({"search": "_"}, {"ingest_sales"}),
    ],
)
async def test_filters_of_pipelines(api, world, wanted, found):
    place = await world.orchestrator()
    first = await world.pipeline(place, "ingest_sales", owners=("ada",), tags=("daily",))
    await world.pipeline(place, "k2", name="Sales of the day", owners=("bob",), tags=("daily",), is_paused=True)
    await world.run(first, "r1", RunState.FAILED)
    page = (await api.ask(PIPELINES, filter=wanted))["pipelines"]
    assert set(names(page)) == found
    assert page["totalCount"] == len(found)


async def test_lists_within_an_object_hold_its_own_only(api, world):
    await world.some_runs(20, pipelines=4, orchestrators=2)
    data = await api.ask(
        """{ orchestrators { name
          pipelines { totalCount edges { node { key
            runs(first: 2, filter: {states: [SUCCESS]}) { totalCount pageInfo { hasNextPage endCursor }
              edges { node { externalId } } }
          } } }
          runs(first: 1) { totalCount edges { node { externalId } } }
          others: runs(filter: {orchestrators: ["nobody"]}) { totalCount edges { cursor } }
        } }"""
    )
    first = data["orchestrators"][0]
    assert first["pipelines"]["totalCount"] == 2
    assert first["runs"] == {"totalCount": 10, "edges": [{"node": {"externalId": "run-18"}}]}
    assert first["others"] == {"totalCount": 0, "edges": []}
    node = first["pipelines"]["edges"][0]["node"]
    assert node["key"] == "job-0"
    assert node["runs"]["totalCount"] == 5
    assert names(node["runs"]) == ["run-16", "run-12"]
    rest = await api.ask(
        'query ($after: String) { pipeline(orchestrator: "system-0", key: "job-0") {'
        " runs(after: $after) { edges { node { externalId } } pageInfo { hasNextPage hasPreviousPage } } } }",
        after=node["runs"]["pageInfo"]["endCursor"],
    )
    assert names(rest["pipeline"]["runs"]) == ["run-8", "run-4", "run-0"]
    assert rest["pipeline"]["runs"]["pageInfo"] == {"hasNextPage": False, "hasPreviousPage": True}


ORDERED = """query ($after: String, $orderBy: PipelineOrder! = SCHEDULE, $direction: SortDirection! = DESC) {
  pipelines(first: 2, after: $after, orderBy: $orderBy, direction: $direction) {
    edges { cursor node { key } } pageInfo { hasNextPage endCursor }
  }
}"""


async def test_pipelines_in_another_order_go_on_from_their_own_cursors_only(api, world):
    airflow = await world.orchestrator()
    for key, schedule in {"a": "0:1 ümlaut", "b": None, "c": "9 * * * *", "d": "0:1 ümlaut", "e": None}.items():
        await world.pipeline(airflow, key, schedule=schedule)
    seen, after, goes_on = [], None, True
    while goes_on:
        page = (await api.ask(ORDERED, after=after))["pipelines"]
        seen += names(page)
        after, goes_on = page["pageInfo"]["endCursor"], page["pageInfo"]["hasNextPage"]
    assert seen == ["c", "a", "d", "b", "e"]
    for other in ({"orderBy": "NAME"}, {"direction": "ASC"}, {"orderBy": "LATEST_RUN"}):
        error = await api.error(ORDERED, after=after, **other)
        assert "is not a cursor of this list" in error["message"]
