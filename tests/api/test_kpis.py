"""Key figures through GraphQL."""

from datetime import UTC, datetime, timedelta

import pytest

from gateway.domain.states import RunState

pytestmark = pytest.mark.usefixtures("running_lineage")

LIST = """query($by: KpiGrouping!, $window: Duration!, $until: DateTime, $first: Int, $after: String,
               $filter: PipelineFilter) {
  kpis(by: $by, window: $window, until: $until, first: $first, after: $after, filter: $filter) {
    totalCount pageInfo { hasNextPage endCursor }
    edges { node { name runs unaidedSuccessRate dataAge computeEfficiency runTime queueTime pipeline { key } } } } }"""


@pytest.fixture
async def history(world):
    """Three pipelines that ran yesterday; one failed, nobody owns one."""
    now = datetime.now(UTC)
    system = await world.orchestrator("airflow")
    for key, owners, state in (
        ("a", ["ada"], RunState.SUCCESS),
        ("b", ["ada", "bob"], RunState.FAILED),
        ("c", [], RunState.SUCCESS),
    ):
        pipeline = await world.pipeline(system, key, owners=owners)
        begun = now - timedelta(days=1)
        await world.run(
            pipeline,
            f"{key}-1",
            state,
            queued_at=begun - timedelta(minutes=10),
            started_at=begun,
            ended_at=begun + timedelta(minutes=30),
        )


async def names(api, **more) -> list[str | None]:
    found = await api.ask(LIST, **{"by": "OWNER", "window": "P7D", **more})
    return [edge["node"]["name"] for edge in found["kpis"]["edges"]]


async def test_by_pipeline_a_page_at_a_time(api, history):
    page = (await api.ask(LIST, by="PIPELINE", window="P7D", first=2))["kpis"]
    assert (page["totalCount"], page["pageInfo"]["hasNextPage"]) == (3, True)
    nodes = [edge["node"] for edge in page["edges"]]
    assert [(one["name"], one["unaidedSuccessRate"], one["pipeline"]["key"]) for one in nodes] == [
        ("airflow/a", 1.0, "a"),
        ("airflow/b", 0.0, "b"),
    ]
    assert (nodes[0]["runTime"], nodes[0]["queueTime"], nodes[0]["computeEfficiency"]) == ("PT30M", "PT10M", 0.75)
    assert await names(api, by="PIPELINE", after=page["pageInfo"]["endCursor"]) == ["airflow/c"]


async def test_by_owner_those_without_one_last(api, history):
    page = (await api.ask(LIST, by="OWNER", window="P7D", first=2))["kpis"]
    assert [edge["node"]["name"] for edge in page["edges"]] == ["ada", "bob"]
    rest = (await api.ask(LIST, by="OWNER", window="P7D", after=page["pageInfo"]["endCursor"]))["kpis"]
    assert [(edge["node"]["name"], edge["node"]["runs"]) for edge in rest["edges"]] == [(None, 1)]
    assert await names(api, after=rest["pageInfo"]["endCursor"]) == []


async def test_a_window_that_ends_earlier_and_only_some_pipelines(api, history):
    ago = (datetime.now(UTC) - timedelta(days=3)).isoformat()
    (edge,) = (await api.ask(LIST, by="TOTAL", window="P7D", until=ago))["kpis"]["edges"]
    assert (edge["node"]["runs"], edge["node"]["unaidedSuccessRate"]) == (0, None)
    (edge,) = (await api.ask(LIST, by="TOTAL", window="P7D", filter={"owners": ["bob"]}))["kpis"]["edges"]
    assert (edge["node"]["runs"], edge["node"]["unaidedSuccessRate"]) == (1, 0.0)
    assert await names(api, by="ORCHESTRATOR", filter={"owners": ["nobody"]}) == []


async def test_of_one_pipeline(api, history):
    asked = '{ pipeline(orchestrator: "airflow", key: "a") { kpis(window: "P7D") { runs unaidedSuccessRate } } }'
    assert (await api.ask(asked))["pipeline"]["kpis"] == {"runs": 1, "unaidedSuccessRate": 1.0}


@pytest.mark.parametrize(
    ("variables", "message"),
    [
        ({"window": "PT0S"}, "window: is not a usable window."),
        ({"after": "x"}, "after: 'x' is not a cursor of this list."),
    ],
)
async def test_what_cannot_be_measured_is_refused(api, variables, message):
    error = await api.error(LIST, **{"by": "OWNER", "window": "P7D", **variables})
    assert error["message"].startswith(message)
    assert error["extensions"]["code"] == "BAD_USER_INPUT"


SERIES = """query($window: Duration!, $step: Duration!, $filter: PipelineFilter) {
  kpiSeries(window: $window, step: $step, filter: $filter) { since until kpis { runs unaidedSuccessRate } } }"""


async def test_a_series_by_day(api, history):
    found = (await api.ask(SERIES, window="P3D", step="P1D"))["kpiSeries"]
    assert [one["kpis"]["runs"] for one in found] == [0, 0, 3]
    assert found[-1]["kpis"]["unaidedSuccessRate"] == pytest.approx(2 / 3)
    assert found[0]["until"] == found[1]["since"]
    assert [one["kpis"]["runs"] for one in (await api.ask(SERIES, window="P3D", step="P2D"))["kpiSeries"]] == [0, 3]
    narrowed = await api.ask(SERIES, window="P3D", step="P1D", filter={"owners": ["bob"]})
    assert [one["kpis"]["runs"] for one in narrowed["kpiSeries"]] == [0, 0, 1]


@pytest.mark.parametrize("step", ["PT0S", "P4D", "PT1M"])
async def test_a_step_that_no_chart_shows_is_refused(api, step):
    error = await api.error(SERIES, window="P3D", step=step)
    assert error["message"].startswith("step: ")
    assert error["extensions"]["code"] == "BAD_USER_INPUT"
