"""The timeline through GraphQL: lanes by what matters, their bars, and what firings have linked."""

from datetime import timedelta

import pytest

from gateway.coordination.dispatcher import Dispatcher
from gateway.coordination.matcher import Matcher
from gateway.domain.dependencies import Condition, DependencySpec, Group, Mode, PipelineRef
from gateway.domain.states import RunState
from gateway.store.repository import dependencies
from tests.sync.vendor import T0

LANES = """query($from: DateTime!, $to: DateTime!, $first: Int, $after: String, $filter: TimelineFilter,
               $byOrchestrator: Boolean! = true, $maxBars: Int! = 120) {
  timeline(from: $from, to: $to, first: $first, after: $after, filter: $filter, byOrchestrator: $byOrchestrator,
           maxBars: $maxBars) {
    totalCount pageInfo { hasNextPage endCursor }
    groups { orchestrator laneCount failingCount activeCount }
    edges { node { runCount failedCount activeCount pipeline { key orchestrator { name } }
                   bars { runId state runCount beginsAt endsAt } } }
    links { dependency upstream { name runId beginsAt } downstream { name runId beginsAt endsAt } } } }"""
FROM = T0 - timedelta(hours=24)
MINUTE = timedelta(minutes=1)


async def told(api, **more):
    window = {"from": FROM.isoformat(), "to": T0.isoformat(), **more}
    return (await api.ask(LANES, **window))["timeline"]


def keys(found) -> list[str]:
    return [edge["node"]["pipeline"]["key"] for edge in found["edges"]]


def states(lane) -> list[str]:
    return [bar["state"] for bar in lane["bars"]]


@pytest.fixture
async def ran(world):
    """Runs a pipeline from so many minutes before the window's end to so many."""
    places = {}

    async def ran(ref: str, begin: int, end: int | None, state: RunState = RunState.SUCCESS):
        system, key = ref.split("/")
        if ref not in places:
            places[ref] = await world.pipeline(await world.orchestrator(system), key, name=key.title())
        at = T0 - begin * MINUTE
        ended = None if end is None else T0 - end * MINUTE
        return await world.run(places[ref], f"{key}-{begin}", state, queued_at=at, started_at=at, ended_at=ended)

    return ran


async def test_what_matters_stands_on_top(api, ran):
    await ran("north/quiet", 300, 290)
    await ran("north/newest", 20, 10)
    await ran("north/recovered", 400, 390, RunState.FAILED)
    await ran("north/recovered", 380, 370)
    await ran("south/running", 600, None, RunState.RUNNING)
    await ran("west/failing", 700, 690)
    await ran("west/failing", 680, 670, RunState.FAILED)
    await ran("west/failing", 5, None, RunState.QUEUED)
    await ran("west/yesterday", 1500, 1490, RunState.FAILED)
    found = await told(api)
    assert keys(found) == ["failing", "running", "recovered", "newest", "quiet"]
    assert found["groups"] == [
        {"orchestrator": "west", "laneCount": 1, "failingCount": 1, "activeCount": 1},
        {"orchestrator": "south", "laneCount": 1, "failingCount": 0, "activeCount": 1},
        {"orchestrator": "north", "laneCount": 3, "failingCount": 0, "activeCount": 0},
    ]
    lane = found["edges"][0]["node"]
    assert (lane["runCount"], lane["failedCount"], lane["activeCount"]) == (3, 1, 1)
    assert states(lane) == ["SUCCESS", "FAILED", "QUEUED"]
    assert [bar["endsAt"] is None for bar in lane["bars"]] == [False, False, True]


async def test_lanes_of_one_orchestrator_stand_together_unless_asked_otherwise(api, ran):
    await ran("north/failing", 30, 20, RunState.FAILED)
    await ran("north/old", 900, 890)
    await ran("south/new", 10, 5)
    assert keys(await told(api)) == ["failing", "old", "new"]
    assert keys(await told(api, byOrchestrator=False)) == ["failing", "new", "old"]


async def test_a_run_belongs_to_every_window_that_it_overlaps(api, ran):
    await ran("north/long", 1500, 1400)
    await ran("north/too-early", 1500, 1441)
    await ran("north/under-way-for-a-week", 7 * 1440, None, RunState.RUNNING)
    await ran("north/nobody-knows-when-it-ended", 2000, None, RunState.UNKNOWN)
    await ran("north/just-before", 1, None, RunState.UNKNOWN)
    assert sorted(keys(await told(api))) == ["just-before", "long", "under-way-for-a-week"]


async def test_narrowed(api, ran):
    await ran("north/ingest", 30, 20, RunState.FAILED)
    await ran("north/ingest", 15, 10)
    await ran("south/ingest", 30, 20)
    await ran("south/marts", 30, 20, RunState.FAILED)
    assert keys(await told(api, filter={"orchestrators": ["south"]})) == ["marts", "ingest"]
    failed = await told(api, filter={"states": ["FAILED"]})
    assert keys(failed) == ["marts", "ingest"]
    assert states(failed["edges"][1]["node"]) == ["FAILED", "SUCCESS"], "the lane is whole"
    assert keys(await told(api, filter={"search": "MART", "states": ["FAILED", "RUNNING"]})) == ["marts"]
    ids = (await api.ask('{pipelines(filter: {search: "marts"}) {edges {node {id}}}}'))["pipelines"]["edges"]
    assert keys(await told(api, filter={"pipelines": [ids[0]["node"]["id"]]})) == ["marts"]


async def test_a_page_at_a_time(api, ran):
    for number in range(5):
        await ran(f"north/job-{number}", 100 + number, 50)
    page = await told(api, first=3)
    assert (keys(page), page["totalCount"], page["pageInfo"]["hasNextPage"]) == (["job-0", "job-1", "job-2"], 5, True)
    rest = await told(api, first=3, after=page["pageInfo"]["endCursor"])
    assert (keys(rest), rest["pageInfo"]["hasNextPage"]) == (["job-3", "job-4"], False)
    assert rest["groups"][0]["laneCount"] == 5, "groups are told of as a whole"


async def test_a_lane_with_too_many_runs_puts_them_together(api, ran):
    for minute in range(0, 60, 2):
        state = RunState.FAILED if minute == 6 else RunState.RUNNING if minute == 0 else RunState.SUCCESS
        await ran("north/often", minute, None if minute == 0 else minute - 1, state)
    window = {"from": (T0 - 60 * MINUTE).isoformat(), "to": (T0 + MINUTE).isoformat()}
    (lane,) = [edge["node"] for edge in (await told(api, **window, maxBars=6))["edges"]]
    assert (lane["runCount"], sum(bar["runCount"] for bar in lane["bars"])) == (30, 30)
    assert len(lane["bars"]) == 6
    assert states(lane) == ["SUCCESS", "SUCCESS", "SUCCESS", "SUCCESS", "SUCCESS", "FAILED"]
    assert lane["bars"][-1]["endsAt"] is None, "one of them goes on"
    begins = [bar["beginsAt"] for bar in lane["bars"]]
    assert begins == sorted(begins)
    (lane,) = [edge["node"] for edge in (await told(api, **window, maxBars=30))["edges"]]
    assert [bar["runCount"] for bar in lane["bars"]] == [1] * 30


async def test_what_a_firing_has_linked(api, database, services, world):
    """Seen from the lane of either end, and from no other."""
    now = services.clock()
    world.now = now - MINUTE
    found = {
        key: await world.pipeline(await world.orchestrator(system), key)
        for system, key in (("airflow", "ingest"), ("dagster", "marts"), ("dagster", "other"))
    }
    async with database.write() as session:
        upstream = Group(Mode.ALL, (Condition(PipelineRef("airflow", "ingest")),))
        spec = DependencySpec("marts-after-ingest", upstream, PipelineRef("dagster", "marts"))
        await dependencies.define(session, spec, "CONFIG", now - timedelta(hours=1))
    for key, pipeline in found.items():
        await world.run(pipeline, f"{key}-1", queued_at=now - 5 * MINUTE, ended_at=now - 2 * MINUTE)
    await Matcher(database, services.clock).step()
    dispatcher = Dispatcher(database, services.executor, services.clock)
    await dispatcher.look()
    await dispatcher.settled()
    window = {"from": (now - timedelta(hours=1)).isoformat(), "to": (services.clock() + MINUTE).isoformat()}
    for key in ("ingest", "marts"):
        (link,) = (await told(api, **window, filter={"search": key}))["links"]
        assert (link["dependency"], link["upstream"]["name"]) == ("marts-after-ingest", "airflow/ingest")
        assert link["downstream"]["name"] == "dagster/marts"
    firing = (await api.ask("{firings {edges {node {run {id}}}}}"))["firings"]["edges"][0]["node"]
    assert link["downstream"]["runId"] == firing["run"]["id"]
    assert (await told(api, **window, filter={"search": "other"}))["links"] == []


@pytest.mark.parametrize(
    ("variables", "message"),
    [
        ({"to": FROM.isoformat()}, "to: "),
        ({"to": (FROM + timedelta(days=8)).isoformat()}, "to: "),
        ({"maxBars": 0}, "maxBars: 0 is not a number of bars."),
        ({"after": "x"}, "after: 'x' is not a cursor of this list."),
        ({"filter": {"pipelines": ["x"]}}, "filter.pipelines: 'x' is not an id."),
    ],
)
async def test_what_cannot_be_drawn_is_refused(api, variables, message):
    error = await api.error(LANES, **{"from": FROM.isoformat(), "to": T0.isoformat(), **variables})
    assert error["message"].startswith(message)
    assert error["extensions"]["code"] == "BAD_USER_INPUT"
