"""What real emitters sent, and what it adds up to: every job, edge, column, schema, parent and state."""

import json
import random
from collections import Counter
from pathlib import Path
from typing import Any

import orjson
import pytest

from lineage.catalog import fields_of
from lineage.openlineage.check import Event, InvalidEventError, check
from lineage.openlineage.edges import edges_of
from lineage.openlineage.fold import fold
from lineage.openlineage.state import State, visible

REAL = Path(__file__).parent / "real"
RECORDINGS = sorted(path.stem for path in REAL.glob("*.ndjson"))


def events(name: str) -> list[Event]:
    lines = (REAL / f"{name}.ndjson").read_bytes().splitlines()
    return [check(orjson.loads(line)) for line in lines]


def told(state: State) -> dict[str, Any]:
    """The state as a person would write it down."""

    def name(key: int) -> str:
        return f"{state.names[key].namespace} {state.names[key].name}"

    jobs: dict[str, Any] = {}
    for key, job in state.jobs.items():
        runs = {run_key: run for run_key, run in state.runs.items() if run.job == key}
        for run_key, run in runs.items():
            edges = edges_of(run, job)
            job.consider(run_key, run, edges.id if edges else None)
        current = edges_of(runs[job.version[2]], job) if job.version else None
        parent = state.jobs[job.parent[1]] if job.parent else None
        jobs[f"{job.namespace} {job.name}"] = {
            "states": dict(sorted(Counter(run.state for run in runs.values()).items())),
            "parent": f"{parent.namespace} {parent.name}" if parent else None,
            "inputs": sorted(map(name, current.inputs)) if current else [],
            "outputs": sorted(map(name, current.outputs)) if current else [],
            "columns": sorted(
                f"{name(source)} {field_from} -> {name(output)} {field}"
                + (f" {[one[:2] for one in how]}" if how else "")
                for output, field, source, field_from, how in (current.columns if current else ())
            ),
        }
    schemas = {
        name(key): [f"{one.name}: {one.type}" for one in fields_of(visible(known.facets))]
        for key, known in state.names.items()
    }
    return {"jobs": dict(sorted(jobs.items())), "datasets": dict(sorted(schemas.items()))}


@pytest.mark.parametrize("recording", RECORDINGS)
def test_a_recording_adds_up_to_what_happened(recording):
    assert told(fold(events(recording))) == json.loads((REAL / f"{recording}.json").read_text())


@pytest.mark.parametrize("recording", RECORDINGS)
def test_whatever_its_order(recording):
    some = events(recording)
    shuffled = random.Random(recording).sample(some, len(some))
    assert fold(shuffled) == fold([*some, *some])


def test_only_facets_of_the_examples_break_their_schema():
    remarks = {(name, one.path) for name in RECORDINGS for event in events(name) for one in event.remarks}
    assert {name for name, _ in remarks} == {"spec-examples"}
    assert {path for _, path in remarks if "acets" in path} == {
        "$.inputs[0].inputFacets.dataQualityMetrics",
        "$.job.facets.ownership.owners[0]",
        "$.outputs[0].facets.ownership.owners[0]",
        "$.outputs[0].outputFacets.outputStatistics.rowCount",
        "$.run.facets.parent.run",
    }


def test_an_event_without_a_run_id_is_refused():
    event = orjson.loads((REAL / "simple_run_event.ndjson").read_bytes().splitlines()[0])
    event["run"].pop("runId")
    with pytest.raises(InvalidEventError, match=r'\$\.run: "runId" is a required property'):
        check(event)


if __name__ == "__main__":  # writes down anew what recordings add up to; read the difference before believing it
    for name in RECORDINGS:
        (REAL / f"{name}.json").write_text(json.dumps(told(fold(events(name))), indent=1, ensure_ascii=False) + "\n")
