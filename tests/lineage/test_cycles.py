"""Dependencies that lead back to what they wait for: by data, by own triggers, or by other dependencies."""

import pytest

from gateway.domain.dependencies import Condition, DatasetRef, DependencySpec, Group, Mode, PipelineRef
from gateway.domain.periods import KeyGranularity
from gateway.store.repository.lineage_joins import NamedPipeline
from lineage.cycles import cycle_of
from lineage.graph import Graph, JobEdges
from lineage.joining import Joins
from lineage.loading import Landscape
from lineage.openlineage.state import job_id, name_id

INGEST, CLEAN, MARTS, REPORT = (
    PipelineRef(*name.split("/")) for name in ("airflow/ingest", "prefect/clean", "dagster/marts", "airflow/report")
)


def dependency(upstream: PipelineRef, target: PipelineRef, **more) -> DependencySpec:
    one = Group(Mode.ALL, (Condition(upstream),))
    return DependencySpec(f"{target.key}-after-{upstream.key}", one, target, KeyGranularity.DAY, **more)


def landscape(
    *flows: tuple[PipelineRef, str, PipelineRef],
    triggers: dict[PipelineRef, PipelineRef] | None = None,
    own: dict[PipelineRef, tuple[str, ...]] | None = None,
):
    """What writes datasets that others read, and what starts after each other: by events, and as orchestrators list."""
    graph = Graph()
    everyone = (INGEST, CLEAN, MARTS, REPORT)
    for place, ref in enumerate(everyone):
        inputs = tuple(name_id("db", name) for _, name, reader in flows if reader == ref)
        outputs = tuple(name_id("db", name) for writer, name, _ in flows if writer == ref)
        before = (triggers or {}).get(ref)
        after = () if before is None else (job_id(before.orchestrator, before.key),)
        graph.set_job(job_id(ref.orchestrator, ref.key), JobEdges(inputs, outputs, after, edges_id=place))
    for _, name, _ in flows:
        graph.set_label(name_id("db", name), name)
    named = [
        NamedPipeline(
            place, ref.key, ref.orchestrator, place, "memory", (ref.orchestrator,), (), (own or {}).get(ref, ())
        )
        for place, ref in enumerate(everyone, 1)
    ]
    return Landscape(graph, Joins.of(named, {}), named)


@pytest.mark.parametrize(
    ("around", "others", "cycle"),
    [
        (landscape(), [], None),
        (landscape((INGEST, "orders", MARTS)), [], None),
        (
            landscape((MARTS, "totals", INGEST)),
            [],
            ["dagster/marts", "totals", "airflow/ingest", "dagster/marts"],
        ),
        (
            landscape((MARTS, "totals", CLEAN), (CLEAN, "prices", INGEST)),
            [],
            ["dagster/marts", "totals", "prefect/clean", "prices", "airflow/ingest", "dagster/marts"],
        ),
        (
            landscape((MARTS, "totals", CLEAN), triggers={INGEST: REPORT}),
            [dependency(CLEAN, REPORT)],
            ["dagster/marts", "totals", "prefect/clean", "airflow/report", "airflow/ingest", "dagster/marts"],
        ),
        (
            landscape(own={INGEST: ("report", "report-of-old")}),
            [dependency(MARTS, REPORT)],
            ["dagster/marts", "airflow/report", "airflow/ingest", "dagster/marts"],
        ),
        (landscape(), [dependency(MARTS, INGEST)], ["dagster/marts", "airflow/ingest", "dagster/marts"]),
    ],
    ids=[
        "nothing",
        "the same way",
        "data",
        "data twice",
        "data, a dependency and a trigger",
        "an orchestrator's own",
        "dependencies",
    ],
)
def test_the_way_back_is_named(around, others, cycle):
    assert cycle_of(around, others, dependency(INGEST, MARTS)) == cycle


def test_a_dependency_that_is_turned_round_is_no_cycle_with_itself():
    around = landscape()
    after = {job_id("airflow", "ingest"): frozenset({job_id("dagster", "marts")})}
    around.graph.set_waits(after)  # as it was before
    assert cycle_of(around, [], dependency(INGEST, MARTS)) is None


def test_a_target_that_writes_the_dataset_it_waits_for_is_a_cycle():
    around = landscape((MARTS, "totals", CLEAN))
    spec = DependencySpec(
        "d", Group(Mode.ALL, (Condition(dataset=DatasetRef("db", "totals")),)), MARTS, KeyGranularity.DAY
    )
    assert cycle_of(around, [], spec) == ["dagster/marts", "totals", "dagster/marts"]
