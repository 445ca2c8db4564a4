"""What a reader of the API sees."""

from datetime import timedelta

from gateway.api.graphql import ids
from gateway.domain.observation import ObservedTaskRun
from gateway.domain.states import RunState, RunTrigger, TaskRunState
from gateway.store.repository import orchestrators, pipelines
from tests.sync.vendor import T0


async def test_an_orchestrator_tells_who_it_is_and_how_it_fares(api, world):
    await world.orchestrator("airflow-prod")
    data = await api.ask(
        "{ orchestrators { name kind url version status statusSince statusMessage lastSyncedAt capabilities"
        " pollInterval } }"
    )
    assert data["orchestrators"] == [
        {
            "name": "airflow-prod",
            "kind": "memory",
            "url": "https://airflow-prod.example.com",
            "version": "3.0.1",
            "status": "HEALTHY",
            "statusSince": "2026-05-01T08:00:00Z",
            "statusMessage": None,
            "lastSyncedAt": None,
            "capabilities": ["CANCEL", "LOGS", "PAUSE", "PUSH", "RETRY", "TASKS", "TASK_GRAPH", "TRIGGER"],
            "pollInterval": "PT15S",
        }
    ]


async def test_a_pipeline_shows_what_its_orchestrator_lists(api, world):
    place = await world.orchestrator()
    await world.pipeline(
        place,
        "ingest",
        name="Ingest sales",
        description="Reads sales",
        owners=("ada", "bob"),
        tags=("sales",),
        schedule="0 7 * * *",
        timezone="Europe/Zurich",
        next_run_at=T0,
        url="https://airflow-prod.example.com/dags/ingest",
    )
    data = await api.ask(
        '{ pipeline(orchestrator: "airflow-prod", key: "ingest") { key name description owners tags schedule timezone'
        " nextRunAt isPaused isActive url orchestrator { name } latestRun { id } } }"
    )
    assert data["pipeline"] == {
        "key": "ingest",
        "name": "Ingest sales",
        "description": "Reads sales",
        "owners": ["ada", "bob"],
        "tags": ["sales"],
        "schedule": "0 7 * * *",
        "timezone": "Europe/Zurich",
        "nextRunAt": "2026-05-01T07:00:00Z",
        "isPaused": False,
        "isActive": True,
        "url": "https://airflow-prod.example.com/dags/ingest",
        "orchestrator": {"name": "airflow-prod"},
        "latestRun": None,
    }


async def test_a_run_shows_what_its_orchestrator_reports(api, world):
    ingest = await world.pipeline(await world.orchestrator())
    await world.run(ingest, "first")
    run = await world.run(
        ingest,
        "manual__1",
        RunState.FAILED,
        trigger=RunTrigger.MANUAL,
        logical_at=T0,
        partition="2026-05-01",
        queued_at=T0,
        started_at=T0 + timedelta(seconds=2),
        ended_at=T0 + timedelta(hours=2, seconds=2, milliseconds=250),
        parameters={"day": "2026-05-01", "deep": {"list": [1, None]}},
        url="https://airflow-prod.example.com/runs/1",
        parent_external_id="first",
    )
    data = await api.ask(
        "{ runs(first: 1) { edges { node { id externalId state nativeState trigger logicalAt partition queuedAt"
        " startedAt endedAt duration parameters attempt url observedAt parent { externalId }"
        " pipeline { key latestRun { id } } history { attempt state nativeState observedAt } } } } }"
    )
    node = data["runs"]["edges"][0]["node"]
    assert node.pop("pipeline") == {"key": "ingest", "latestRun": {"id": node.pop("id")}}
    seen_at = run.observed_at.isoformat().replace("+00:00", "Z")
    assert node == {
        "externalId": "manual__1",
        "state": "FAILED",
        "nativeState": "failed",
        "trigger": "MANUAL",
        "logicalAt": "2026-05-01T07:00:00Z",
        "partition": "2026-05-01",
        "queuedAt": "2026-05-01T07:00:00Z",
        "startedAt": "2026-05-01T07:00:02Z",
        "endedAt": "2026-05-01T09:00:02.250000Z",
        "duration": "PT2H0.25S",
        "parameters": {"day": "2026-05-01", "deep": {"list": [1, None]}},
        "attempt": 1,
        "url": "https://airflow-prod.example.com/runs/1",
        "observedAt": seen_at,
        "parent": {"externalId": "first"},
        "history": [{"attempt": 1, "state": "FAILED", "nativeState": "failed", "observedAt": seen_at}],
    }


async def test_task_graph_and_task_runs(api, world):
    ingest = await world.pipeline(await world.orchestrator())
    await world.structure(ingest, ["extract", "load"], {("extract", "load")})
    run = await world.run(ingest, "r1", RunState.RUNNING)
    await world.task_runs(
        run,
        ObservedTaskRun("extract", TaskRunState.FAILED, "failed", attempt=1, started_at=T0),
        ObservedTaskRun("extract", TaskRunState.SUCCESS, "success", attempt=2, started_at=T0 + timedelta(minutes=1)),
        ObservedTaskRun("load", TaskRunState.RUNNING, "running", map_index=3, started_at=T0 + timedelta(minutes=2)),
    )
    data = await api.ask(
        "{ runs { edges { node { taskRuns { task mapIndex attempt state nativeState startedAt }"
        ' second: taskRuns(task: "extract", attempt: 2) { state } mapped: taskRuns(mapIndex: 3) { task }'
        " pipeline { tasks { key name } taskEdges { upstream downstream } } } } } }"
    )
    node = data["runs"]["edges"][0]["node"]
    assert [(each["task"], each["mapIndex"], each["attempt"], each["state"]) for each in node["taskRuns"]] == [
        ("extract", None, 1, "FAILED"),
        ("extract", None, 2, "SUCCESS"),
        ("load", 3, 1, "RUNNING"),
    ]
    assert node["second"] == [{"state": "SUCCESS"}]
    assert node["mapped"] == [{"task": "load"}]
    assert node["pipeline"] == {
        "tasks": [{"key": "extract", "name": "Extract"}, {"key": "load", "name": "Load"}],
        "taskEdges": [{"upstream": "extract", "downstream": "load"}],
    }


async def test_a_log_is_read_from_the_orchestrator(api, world):
    ingest = await world.pipeline(await world.orchestrator())
    run = await world.run(ingest, "r1")
    await world.task_runs(run, ObservedTaskRun("extract", TaskRunState.SUCCESS, "success"))
    data = await api.ask("{ runs(first: 1) { edges { node { taskRuns { log(tail: 5) } } } } }")
    assert data["runs"]["edges"][0]["node"]["taskRuns"] == [{"log": "one line"}]


async def test_statistics_count_every_run_and_time_the_successful_ones(api, world):
    ingest = await world.pipeline(await world.orchestrator())
    for number, state in enumerate([RunState.SUCCESS] * 3 + [RunState.FAILED, RunState.SKIPPED, RunState.RUNNING]):
        ended = None if state is RunState.RUNNING else T0 + timedelta(seconds=10 * (number + 1))
        await world.run(ingest, f"r{number}", state, started_at=T0, ended_at=ended)
    data = await api.ask(
        '{ pipelines { edges { node { stats(window: "P3600D") { runs succeeded failed successRate durationP50'
        ' durationP95 } none: stats(window: "PT1S") { runs successRate durationP50 } } } } }'
    )
    node = data["pipelines"]["edges"][0]["node"]
    assert node["stats"] == {
        "runs": 6,
        "succeeded": 3,
        "failed": 1,
        "successRate": 0.75,
        "durationP50": "PT20S",
        "durationP95": "PT29S",
    }
    assert node["none"] == {"runs": 0, "successRate": None, "durationP50": None}


async def test_a_vanished_pipeline_stays_with_its_history(api, world, database):
    place = await world.orchestrator()
    gone = await world.pipeline(place, "gone")
    await world.pipeline(place, "here")
    await world.run(gone, "r1")
    async with database.write() as session:
        await pipelines.retire_unlisted(session, place.id, ["here"])
    query = "query ($active: Boolean) { pipelines(filter: {isActive: $active}) { edges { node { key isActive } } } }"
    assert [edge["node"]["key"] for edge in (await api.ask(query, active=True))["pipelines"]["edges"]] == ["here"]
    assert [edge["node"]["key"] for edge in (await api.ask(query))["pipelines"]["edges"]] == ["gone", "here"]
    data = await api.ask('{ pipeline(orchestrator: "airflow-prod", key: "gone") { isActive runs { totalCount } } }')
    assert data["pipeline"] == {"isActive": False, "runs": {"totalCount": 1}}


async def test_an_orchestrator_that_is_no_longer_configured_is_gone_from_the_list_but_its_runs_are_not(
    api, world, database
):
    await world.run(await world.pipeline(await world.orchestrator("old")), "r1")
    async with database.write() as session:
        await orchestrators.remove(session, "old", world.now)
    data = await api.ask(
        '{ orchestrators { name } orchestrator(name: "old") { name }'
        " runs { edges { node { pipeline { orchestrator { name } } } } } }"
    )
    assert data["orchestrators"] == []
    assert data["orchestrator"] is None
    assert data["runs"]["edges"] == [{"node": {"pipeline": {"orchestrator": {"name": "old"}}}}]


async def test_search_finds_the_best_match_first(api, world):
    place = await world.orchestrator()
    for key in ("resales", "sales", "sales-daily", "100%_sure", "other"):
        await world.pipeline(place, key)
    query = "query ($text: String!) { search(text: $text) { __typename ... on Pipeline { key } } }"
    found = (await api.ask(query, text="SALES"))["search"]
    assert [node["key"] for node in found] == ["sales", "sales-daily", "resales"]
    assert {node["__typename"] for node in found} == {"Pipeline"}
    assert [node["key"] for node in (await api.ask(query, text="%_"))["search"]] == ["100%_sure"]
    assert (await api.ask(query, text="  "))["search"] == []


async def test_every_object_is_found_again_by_its_id(api, world):
    run = await world.run(await world.pipeline(await world.orchestrator()), "r1")
    assert run.external_id == "r1"
    data = await api.ask("{ runs { edges { node { id pipeline { id orchestrator { id } } } } } }")
    node = data["runs"]["edges"][0]["node"]
    wanted = [node["id"], node["pipeline"]["id"], node["pipeline"]["orchestrator"]["id"]]
    query = (
        "query ($ids: [ID!]!) { nodes(ids: $ids) { __typename id ... on Run { externalId } ... on Pipeline { key }"
        " ... on Orchestrator { name } } }"
    )
    nodes = (await api.ask(query, ids=wanted))["nodes"]
    assert nodes == [
        {"__typename": "Run", "id": wanted[0], "externalId": "r1"},
        {"__typename": "Pipeline", "id": wanted[1], "key": "ingest"},
        {"__typename": "Orchestrator", "id": wanted[2], "name": "airflow-prod"},
    ]
    one = await api.ask("query ($id: ID!) { node(id: $id) { id } }", id=wanted[0])
    assert one["node"] == {"id": wanted[0]}


async def test_what_is_not_there_is_null(api, world):
    await world.orchestrator()
    data = await api.ask("{ orchestrators { id } }")
    same_kind = data["orchestrators"][0]["id"]
    missing = ids.global_id(ids.Kind.RUN, 2**63 - 1)
    data = await api.ask(
        "query ($ids: [ID!]!, $id: ID!) { node(id: $id) { id } nodes(ids: $ids) { id }"
        ' orchestrator(name: "nobody") { id } pipeline(orchestrator: "airflow-prod", key: "nothing") { id } }',
        id=missing,
        ids=[missing, same_kind],
    )
    assert data == {"node": None, "nodes": [None, {"id": same_kind}], "orchestrator": None, "pipeline": None}


async def test_who_am_i_and_what_is_this(api):
    data = await api.ask("{ me { name role } serverInfo { version isAuthenticationOn } }")
    assert data["me"] == {"name": "local", "role": "ADMIN"}
    assert data["serverInfo"]["isAuthenticationOn"] is False
    assert data["serverInfo"]["version"][0].isdigit()
