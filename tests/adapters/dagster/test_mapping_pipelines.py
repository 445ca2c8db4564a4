"""What Dagster's jobs, graphs and assets mean, by recorded answers."""

from datetime import UTC, datetime
from typing import Any

import pytest
from inline_snapshot import snapshot

from adapters.dagster.adapter import DagsterAdapter
from adapters.dagster.keys import JobAddress, job_address, pipeline_key
from adapters.dagster.mapping.assets import asset_event, assets, metadata_values
from adapters.dagster.mapping.links import Links
from adapters.dagster.mapping.pipelines import instigators, pipelines
from adapters.dagster.mapping.probes import probe
from adapters.dagster.mapping.structure import structure
from adapters.sdk.errors import Drift, NotFound
from gateway.domain.observation import ObservedAsset, ObservedAssetEvent, ObservedPipeline
from gateway.domain.states import Capability
from tests.adapters.dagster.recorded import recorded

LINKS = Links("http://dagster.example")


def repository() -> Any:
    """The recorded repository."""
    return recorded("repository", "repositoryOrError")


def test_pipelines() -> None:
    found = {p.key: p for p in pipelines(repository(), LINKS, None)}
    assert list(found) == snapshot(
        [
            "shop/__ASSET_JOB",
            "shop/assets_job",
            "shop/daily_report",
            "shop/orders_etl",
            "shop/revenue_job",
            "shop/shapes",
        ]
    )
    assert found["shop/orders_etl"] == snapshot(
        ObservedPipeline(
            key="shop/orders_etl",
            name="orders_etl",
            description="Orders from the shop into the warehouse.",
            owners=["team:shop", "ann@example.com"],
            tags=["team=shop", "tier=gold"],
            schedule="0 6 * * *",
            timezone="Europe/Zurich",
            next_run_at=datetime(2026, 11, 21, hour=5, tzinfo=UTC),
            url="http://dagster.example/locations/shop/jobs/orders_etl",
            revision="73e287d98b4499044afda648b4f3eff5eca7ae9c",
        )
    )
    assert found["shop/__ASSET_JOB"].name == "Asset materializations (shop)"
    assert found["shop/shapes"].schedule == "sensor: shapes_wanted"
    assert {key: p.is_paused for key, p in found.items()} == snapshot(
        {
            "shop/__ASSET_JOB": True,
            "shop/assets_job": False,
            "shop/daily_report": False,
            "shop/orders_etl": False,
            "shop/revenue_job": False,
            "shop/shapes": True,
        }
    )


def test_several_crons_and_sensors() -> None:
    raw = repository()
    schedule = raw["schedules"][0]
    raw["schedules"].append(schedule | {"name": "twice", "cronSchedule": '["0 1 * * *", "0 2 * * *"]'})
    raw["schedules"].append(schedule | {"name": "off", "cronSchedule": "@weekly"} | _stopped(schedule))
    (wanted,) = [sensor for sensor in raw["sensors"] if sensor["name"] == "shapes_wanted"]
    wanted["targets"].append({"pipelineName": "orders_etl"})
    (orders,) = [p for p in pipelines(raw, LINKS, None) if p.name == "orders_etl"]
    assert orders.schedule == "0 6 * * *, 0 1 * * * | 0 2 * * *, @weekly, sensor: shapes_wanted"
    assert not orders.is_paused


def _stopped(schedule: Any) -> dict[str, Any]:
    return {"scheduleState": schedule["scheduleState"] | {"status": "STOPPED"}}


def test_stopped_schedule_has_no_next_run() -> None:
    raw = repository()
    raw["schedules"][0] |= _stopped(raw["schedules"][0])
    (orders,) = [p for p in pipelines(raw, LINKS, None) if p.name == "orders_etl"]
    assert (orders.is_paused, orders.next_run_at, orders.schedule) == (True, None, "0 6 * * *")


def test_job_without_instigators() -> None:
    assert not instigators(repository(), "daily_report")


def test_owner_tag_counts_where_there_are_no_owners() -> None:
    raw = repository()
    raw["jobs"][0] |= {
        "tags": [{"key": "owner", "value": "finance, ann@example.com"}, {"key": "dagster/x", "value": "1"}]
    }
    first = pipelines(raw, LINKS, None)[0]
    assert (first.owners, first.tags) == (["finance", "ann@example.com"], ["owner=finance, ann@example.com"])


def test_malformed_repository_is_drift() -> None:
    with pytest.raises(Drift, match="jobs"):
        pipelines({"name": "x"}, LINKS, None)  # pyright: ignore[reportArgumentType]


def test_nested_graphs_dissolve() -> None:
    raw = recorded("structure_shapes", "pipelineOrError")
    found = structure(raw, [], JobAddress("shop", "__repository__", "shapes"), LINKS)
    assert [(task.key, task.name, task.group) for task in found.tasks] == snapshot(
        [
            ("after_maybe", "after_maybe", None),
            ("join", "join", None),
            ("maybe", "maybe", None),
            ("outer.inner.flaky", "flaky", "outer.inner"),
            ("part", "part", None),
            ("split", "split", None),
        ]
    )
    assert sorted(found.edges) == snapshot(
        [
            ("join", "outer.inner.flaky"),
            ("maybe", "after_maybe"),
            ("outer.inner.flaky", "maybe"),
            ("part", "join"),
            ("split", "part"),
        ]
    )
    assert found.tasks[3].url == snapshot("http://dagster.example/locations/shop/jobs/shapes/outer/inner/flaky")


def test_asset_job() -> None:
    raw = recorded("structure_assets_job", "pipelineOrError")
    groups = recorded("asset_groups_assets_job", "assetNodes")
    found = structure(raw, groups, JobAddress("shop", "__repository__", "assets_job"), LINKS)
    assert [(task.key, task.type, task.group) for task in found.tasks] == snapshot(
        [("exported_orders", "asset", "shop"), ("orders", "asset", "shop")]
    )
    assert sorted(found.edges) == snapshot([("exported_orders", "orders")])


@pytest.mark.parametrize(
    ("address", "key", "link"),
    [
        (JobAddress("shop", "__repository__", "etl"), "shop/etl", "/locations/shop/jobs/etl"),
        (JobAddress("a/b", "__repository__", "etl"), "a/b/etl", "/locations/a%2Fb/jobs/etl"),
        (
            JobAddress("grpc:host:4266", "crm", "etl"),
            "crm@grpc:host:4266/etl",
            "/locations/crm@grpc%3Ahost%3A4266/jobs/etl",
        ),
        (
            JobAddress("a@b", "__repository__", "etl"),
            "__repository__@a@b/etl",
            "/locations/__repository__@a%40b/jobs/etl",
        ),
    ],
)
def test_keys_lead_back_to_the_job(address: JobAddress, key: str, link: str) -> None:
    assert pipeline_key(address) == key
    assert job_address(key) == address
    assert LINKS.job(address) == f"http://dagster.example{link}"


@pytest.mark.parametrize(("repository_name", "key"), [("__repository__", "etl"), ("crm", "crm@etl")])
def test_keys_within_one_location(repository_name: str, key: str) -> None:
    address = JobAddress("shop", repository_name, "etl")
    assert pipeline_key(address, "shop") == key
    assert job_address(key, "shop") == address


@pytest.mark.parametrize("key", ["etl", "/etl", "shop/", ""])
def test_text_that_is_no_key(key: str) -> None:
    with pytest.raises(NotFound):
        job_address(key)


def test_assets() -> None:
    found = {asset.key: asset for asset in assets(recorded("assets", "assetNodes"), LINKS, None, {})}
    assert found["orders"] == snapshot(
        ObservedAsset(
            key="orders",
            name="orders",
            uri="file:///data/orders.csv",
            group="shop",
            description="Orders, cleaned.",
            kinds=["duckdb"],
            upstream=frozenset({"exported_orders"}),
            producers=frozenset({("shop/assets_job", "orders")}),
            consumers=frozenset({("shop/revenue_job", "finance__revenue")}),
            checks=[],
            url="http://dagster.example/assets/orders",
        )
    )
    assert found["finance/revenue"].url == snapshot("http://dagster.example/assets/finance/revenue")
    assert found["finance/revenue"].upstream == {"orders"}


def test_place_of_an_asset_known_since_its_last_write() -> None:
    nodes = recorded("assets", "assetNodes")
    for node in nodes:
        if node["assetKey"]["path"] == ["exported_orders"]:
            uri = {"__typename": "TextMetadataEntry", "label": "dagster/uri", "text": "file:///data/exported.csv"}
            node["assetMaterializations"] = [{"metadataEntries": [uri]}]
    uris = {asset.key: asset.uri for asset in assets(nodes, LINKS, None, {})}
    assert uris["exported_orders"] == "file:///data/exported.csv"


def test_assets_of_another_location_are_left_out() -> None:
    assert assets(recorded("assets", "assetNodes"), LINKS, "billing", {}) == []


def test_asset_that_is_only_read_has_no_producer() -> None:
    nodes = [node | {"isMaterializable": False} for node in recorded("assets", "assetNodes")]
    assert all(not asset.producers for asset in assets(nodes, LINKS, None, {}))


def test_writes() -> None:
    nodes = recorded("writes", "assetsOrError")["nodes"]
    events = [asset_event(n["key"]["path"], raw) for n in nodes for raw in n["assetEventHistory"]["results"]]
    assert events[0] == snapshot(
        ObservedAssetEvent(
            asset_key="finance/revenue",
            at=datetime(2026, 11, 21, hour=2, minute=3, second=42, microsecond=281000, tzinfo=UTC),
            external_id="c0270ec9-80d5-49bb-8a82-26b0707d3713/finance__revenue/1795226622281/2026-01-06",
            run_external_id="c0270ec9-80d5-49bb-8a82-26b0707d3713",
            task="finance__revenue",
            partition="2026-01-06",
        )
    )
    (orders,) = [event for event in events if event.asset_key == "orders"]
    assert orders.metadata == {"rows": 3, "source": "shop", "ratio": 0.5}
    (reported_by_hand,) = [event for event in events if event.run_external_id is None]
    assert (reported_by_hand.asset_key, reported_by_hand.task) == ("exported_orders", None)
    assert len({event.external_id for event in events}) == len(events)


def test_metadata() -> None:
    entries: list[dict[str, Any]] = [
        {"__typename": "IntMetadataEntry", "label": "rows", "intRepr": "9007199254740993"},
        {"__typename": "JsonMetadataEntry", "label": "json", "jsonString": '{"a": [1]}'},
        {"__typename": "JsonMetadataEntry", "label": "broken", "jsonString": "{"},
        {"__typename": "TableMetadataEntry", "label": "left out"},
        {"__typename": "UrlMetadataEntry", "label": "report", "url": "https://example.com"},
    ]
    assert metadata_values(entries) == snapshot(
        {"rows": 9007199254740993, "json": {"a": [1]}, "broken": "{", "report": "https://example.com"}
    )


def test_probe() -> None:
    found = probe(recorded("probe"), DagsterAdapter.manifest.capabilities, None)
    assert (found.version, list(found.warnings)) == ("1.13.27", [])
    assert found.capabilities == DagsterAdapter.manifest.capabilities


def test_probe_of_a_read_only_server_that_is_not_well() -> None:
    raw = recorded("probe")
    for right in raw["permissions"]:
        right["value"] = False
    for daemon in raw["instance"]["daemonHealth"]["allDaemonStatuses"][:2]:
        daemon["healthy"] = False
    raw["workspaceOrError"]["locationEntries"].append(
        {
            "name": "broken",
            "locationOrLoadError": {
                "__typename": "PythonError",
                "message": "could not load\nlong story",
                "causes": [{"message": "ValueError: no such table\nat line 3"}],
            },
        }
    )
    raw["version"] = "1.9.3"
    found = probe(raw, DagsterAdapter.manifest.capabilities, "elsewhere")
    assert list(found.warnings) == snapshot(
        [
            "Dagster 1.9.3 is older than 1.13, with which this adapter is tested: upgrade it.",
            (
                "The Dagster daemon is not running as it should (backfill, sensor): schedules, sensors, backfills and "
                "queued runs will not start. Start dagster-daemon."
            ),
            "Code location broken cannot be loaded, so its jobs are missing: ValueError: no such table",
            "There is no code location elsewhere; known are broken, shop.",
        ]
    )
    lost = {Capability.TRIGGER, Capability.CANCEL, Capability.RETRY, Capability.PAUSE}
    assert found.capabilities == DagsterAdapter.manifest.capabilities - lost


def test_metadata_whose_value_was_not_asked_for_is_left_out():
    entries = [{"__typename": "IntMetadataEntry", "label": "rows"}, {"__typename": "JsonMetadataEntry", "label": "x"}]
    assert metadata_values(entries) == {}
