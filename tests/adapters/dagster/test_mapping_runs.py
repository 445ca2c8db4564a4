"""What Dagster's runs mean, by recorded answers."""

from datetime import UTC, datetime
from typing import Any

import pytest
from graphql import EnumTypeDefinitionNode, parse
from inline_snapshot import snapshot

from adapters.dagster.mapping.links import Links
from adapters.dagster.mapping.partitions import partition_at, partition_start
from adapters.dagster.mapping.runs import STATES, RunMapper
from adapters.sdk.errors import Drift
from gateway.domain.observation import ObservedRun
from gateway.domain.states import RunState, RunTrigger
from tests.adapters.dagster.recorded import CAPTURES, recorded

LINKS = Links("http://dagster.example")
MAPPER = RunMapper(LINKS)


def some_run(**changes: Any) -> Any:
    """A recorded run, changed."""
    return recorded("runs", "runsOrError")["results"][0] | changes


def tagged(**tags: str) -> Any:
    """A run with these tags; "__" stands for "/"."""
    return some_run(tags=[{"key": key.replace("__", "/"), "value": value} for key, value in tags.items()])


def test_runs() -> None:
    runs = [MAPPER.run(raw) for raw in recorded("runs", "runsOrError")["results"]]
    assert [(r.pipeline_key, r.native_state, r.state.value, r.trigger.value, r.partition) for r in runs] == snapshot(
        [
            ("shop/assets_job", "SUCCESS", "SUCCESS", "API", None),
            ("shop/revenue_job", "SUCCESS", "SUCCESS", "API", "2026-01-06"),
            ("shop/orders_etl", "FAILURE", "FAILED", "API", None),
            ("shop/orders_etl", "FAILURE", "FAILED", "API", None),
            ("shop/shapes", "SUCCESS", "SUCCESS", "API", None),
            ("shop/orders_etl", "CANCELED", "CANCELLED", "API", None),
        ]
    )
    assert runs[5].parameters == snapshot({"ops": {"extract": {"config": {"sleep": 4.0}}}, "day": "2026-01-02"})
    assert runs[1].logical_at == snapshot(datetime(2026, 1, 6, tzinfo=UTC))
    assert (runs[2].parent_external_id == runs[3].external_id, runs[2].attempt) == (True, 1)
    assert runs[0] == snapshot(
        ObservedRun(
            pipeline_key="shop/assets_job",
            external_id="1f530ffe-d507-4707-b70f-36c643d181d4",
            state=RunState.SUCCESS,
            native_state="SUCCESS",
            trigger=RunTrigger.API,
            queued_at=datetime(2026, 11, 21, hour=2, minute=3, second=42, microsecond=615060, tzinfo=UTC),
            started_at=datetime(2026, 11, 21, hour=2, minute=3, second=50, microsecond=785751, tzinfo=UTC),
            ended_at=datetime(2026, 11, 21, hour=2, minute=3, second=51, microsecond=423418, tzinfo=UTC),
            attempt=1,
            url="http://dagster.example/runs/1f530ffe-d507-4707-b70f-36c643d181d4",
        )
    )


def test_every_state_of_the_schema_is_known() -> None:
    schema = (CAPTURES / "schema.graphql").read_text(encoding="utf-8")
    (states,) = [
        t for t in parse(schema).definitions if isinstance(t, EnumTypeDefinitionNode) and t.name.value == "RunStatus"
    ]
    assert {value.name.value for value in states.values or ()} == set(STATES)


def test_unknown_state_keeps_the_vendors_word() -> None:
    run = MAPPER.run(some_run(status="HIBERNATING"))
    assert (run.state, run.native_state) == (RunState.UNKNOWN, "HIBERNATING")


@pytest.mark.parametrize(
    ("tags", "trigger"),
    [
        ({}, RunTrigger.MANUAL),
        ({"dagster__schedule_name": "daily"}, RunTrigger.SCHEDULE),
        ({"dagster__sensor_name": "watcher"}, RunTrigger.ASSET),
        ({"dagster__sensor_name": "default", "dagster__from_automation_condition": "true"}, RunTrigger.ASSET),
        ({"dagster__auto_materialize": "true"}, RunTrigger.ASSET),
        ({"dagster__backfill": "abc", "dagster__schedule_name": "daily"}, RunTrigger.BACKFILL),
        ({"podium__idempotency_key": "k"}, RunTrigger.API),
    ],
)
def test_trigger(tags: dict[str, str], trigger: RunTrigger) -> None:
    assert MAPPER.run(tagged(**tags)).trigger is trigger


def test_range_of_partitions() -> None:
    run = MAPPER.run(
        tagged(dagster__asset_partition_range_start="2026-01-01", dagster__asset_partition_range_end="2026-01-31")
    )
    assert (run.partition, run.logical_at) == ("2026-01-01...2026-01-31", datetime(2026, 1, 1, tzinfo=UTC))


def test_times_that_are_not_there_yet() -> None:
    run = MAPPER.run(some_run(startTime=None, endTime=None, status="QUEUED"))
    assert (run.queued_at is not None, run.started_at, run.ended_at) == (True, None, None)


def test_run_from_a_command_line_has_no_location() -> None:
    assert MAPPER.run(some_run(repositoryOrigin=None, tags=[])).pipeline_key == "-/assets_job"


@pytest.mark.parametrize("change", [{"tags": None}, {"creationTime": "soon"}, {"creationTime": 1e30}])
def test_malformed_run_is_drift(change: dict[str, Any]) -> None:
    with pytest.raises(Drift):
        MAPPER.run(some_run(**change))


def test_missing_field_is_drift() -> None:
    with pytest.raises(Drift, match="runId"):
        MAPPER.run({key: value for key, value in some_run().items() if key != "runId"})  # pyright: ignore[reportArgumentType]


def test_restricted_to_one_location() -> None:
    mapper = RunMapper(LINKS, "shop")
    other = {"repositoryLocationName": "billing", "repositoryName": "__repository__"}
    assert mapper.runs([some_run(), some_run(repositoryOrigin=other)]) == [mapper.run(some_run())]
    assert mapper.run(some_run()).pipeline_key == "assets_job"


@pytest.mark.parametrize(
    ("key", "start"),
    [
        ("2026-01-31", datetime(2026, 1, 31, tzinfo=UTC)),
        ("2026-01", datetime(2026, 1, 1, tzinfo=UTC)),
        ("2026-01-31-07:00", datetime(2026, 1, 31, 7, tzinfo=UTC)),
        ("2026-01-31T07:30:15", datetime(2026, 1, 31, 7, 30, 15, tzinfo=UTC)),
        ("emea|2026-01-31", datetime(2026, 1, 31, tzinfo=UTC)),
        ("2026-02-30", None),
        ("emea", None),
        ("", None),
    ],
)
def test_partition_start(key: str, start: datetime | None) -> None:
    assert partition_start(key) == start


def test_partition_of_an_instant() -> None:
    weeks = ["2026-01-04", "2026-01-11", "2026-01-18"]
    assert partition_at(weeks, datetime(2026, 1, 12, 5, tzinfo=UTC)) == "2026-01-11"
    assert partition_at(weeks, datetime(2026, 1, 11, tzinfo=UTC)) == "2026-01-11"
    assert partition_at(weeks, datetime(2026, 1, 24, 23, tzinfo=UTC)) == "2026-01-18"
    assert partition_at(weeks, datetime(2026, 1, 25, tzinfo=UTC)) is None
    assert partition_at(weeks, datetime(2026, 1, 3, tzinfo=UTC)) is None
    assert partition_at(["emea", "apac"], datetime(2026, 1, 3, tzinfo=UTC)) is None
