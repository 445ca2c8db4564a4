"""What goes wrong at real orchestrators is one incident that a real receiver is told of, and what is done about it."""

from collections.abc import Callable, Generator
from contextlib import contextmanager
from functools import partial
from itertools import count
from pathlib import Path
from typing import Any

import httpx
import pytest

from gateway.app.demo.airflow import LocalAirflow
from gateway.app.demo.prefect import LocalPrefect
from gateway.failpoints import VARIABLE
from tests.alerts.podiums import receiving
from tests.app.server import Server, serving
from tests.live.prefect_api import api, post
from tests.live.test_chain import ask
from tests.live.test_dependencies import known
from tests.waiting import eventually

pytestmark = [pytest.mark.live, pytest.mark.timeout(600)]

#: In the served processes only: what they do is the same.
HURRY = """\
from datetime import timedelta

from gateway.alerts import lifecycle
from gateway.sla import acting, evaluate

lifecycle.CALM = acting.HELD = timedelta(seconds=5)
evaluate.SETTLED = timedelta(seconds=1)
"""
PROMISED = """\
dependencies:
  - {{name: marts-after-orders, upstream: [airflow/brittle], target: prefect/marts/main}}
slas:
  - {{name: marts-are-quick, pipeline: prefect/marts/main, kind: duration, limit: 2s, owner: finance}}
alerts:
  receivers:
    - {{name: hook, webhook: {{url: '{url}'}}}}
  route: {{receiver: hook, group_wait: 0s}}
"""
ACTING = """\
slas:
  - name: daily-works
    pipeline: prefect/scoring/daily
    kind: success_rate
    target_rate: 0.99
    window: 1h
    actions: [{on: missed, trigger: prefect/fallback/main, parameters: {model: simple}}]
  - name: weekly-works
    pipeline: prefect/scoring/weekly
    kind: success_rate
    target_rate: 0.99
    window: 1h
    actions: [{on: missed, retry: true}]
"""
START = "mutation($input: TriggerPipelineInput!) { triggerPipeline(input: $input) { id externalId } }"
STATE = "query($id: ID!) { node(id: $id) { ... on Run { state attempt } } }"
INCIDENTS = """{ incidents { edges { node { title state severity cause { kind run { externalId } }
  signals { kind } notifications { event state } } } } }"""
ACTIONS = "{ slas { edges { node { name evaluations { edges { node { actions { state outcome } } } } } } } }"

Serve = Callable[..., Any]


@pytest.fixture
def serve(airflow3_server: LocalAirflow, prefect_server: LocalPrefect, tmp_path: Path) -> Serve:
    """One Podium after the other, on one database."""
    auth = "auth: {username: admin, password: env:AIRFLOW_PASSWORD}"
    orchestrators = (
        "orchestrators:\n"
        f"  - {{name: airflow, kind: airflow, url: '{airflow3_server.url}', poll: 1s, {auth}}}\n"
        f"  - {{name: prefect, kind: prefect, url: '{prefect_server.url}', poll: 1s}}\n"
    )
    variables = {
        "AIRFLOW_PASSWORD": airflow3_server.auth["password"],
        "PODIUM_DATABASE_URL": f"sqlite:///{tmp_path}/podium.sqlite",
    }
    numbers = count(1)

    @contextmanager
    def begin(config: str, fail_at: str = "") -> Generator[Server]:
        folder = tmp_path / f"podium{next(numbers)}"
        (folder / "site").mkdir(parents=True)
        (folder / "site" / "sitecustomize.py").write_text(HURRY)
        (folder / "podium.yaml").write_text(orchestrators + config)
        place = {VARIABLE: fail_at} if fail_at else {}
        with serving(folder, "--config", "podium.yaml", **variables, **place) as server:
            yield server

    return begin


async def test_a_failure_in_one_system_is_one_incident_with_all_that_it_hurts_in_another(serve):
    with receiving() as receiver, serve(PROMISED.format(url=receiver.url)) as server:
        async with httpx.AsyncClient(base_url=server.url, timeout=60) as http:
            marts = await known(http, "prefect", "marts/main")
            failed = await start(http, await known(http, "airflow", "brittle"), fail=True)
            await start(http, marts, sleep=10)
            await receiver.hears("opened", "brittle", within=90)
            opened = next(one for one in receiver.told if one.pipeline == "brittle").document["incident"]
            assert opened["rootCause"]["message"] == f"airflow/brittle failed (run {failed['externalId']})"
            assert opened["impact"]["pipelines"] == ["airflow/brittle", "prefect/marts/main"]
            assert opened["impact"]["slas"] == ["marts-are-quick"]
            assert opened["impact"]["owners"] == ["airflow", "finance"]
            both = {"RUN_FAILED", "SLA_MISSED"}
            of_it = partial(caused_by, http, failed["externalId"])
            incident = await eventually(of_it, lambda one: kinds(one) == both, within=60, every=0.5)
            assert incident["cause"] == {"kind": "RUN_FAILED", "run": {"externalId": failed["externalId"]}}
            await start(http, await known(http, "airflow", "brittle"))
            await receiver.hears("resolved", "brittle", within=90)
            incident = await eventually(of_it, are_sent, within=30, every=0.5)
            assert incident["state"] == "RESOLVED"
            # The run that the dependency starts in the end may be forecast to be late while it lasts.
            assert both <= kinds(incident) <= both | {"SLA_AT_RISK"}
            assert receiver.story("brittle") == [("opened", 1), ("resolved", 1)]


async def test_what_a_promise_asks_for_is_done_once_also_by_one_that_is_killed(serve, prefect_server):
    """Each time after Prefect has done what it was asked for, and before Podium has noted it."""
    failed: dict[str, str] = {}
    for name in ("daily", "weekly"):
        with serve(ACTING, f"act.done {name}-works.0") as server:
            async with httpx.AsyncClient(base_url=server.url, timeout=60) as http:
                await known(http, "prefect", "fallback/main")
                run = await start(http, await known(http, "prefect", f"scoring/{name}"), fail=True)
                failed[name] = run["externalId"]
            assert await died(server)
    async with api(prefect_server) as prefect:
        await eventually(lambda: counted(prefect, failed["weekly"]), lambda times: times == 2, within=90, every=0.5)
        with serve(ACTING) as server:
            async with httpx.AsyncClient(base_url=server.url, timeout=60) as http:
                done = await eventually(lambda: actions(http), are_done, within=60, every=0.5)
        made = await post(prefect, "flow_runs/filter", {"flows": {"name": {"any_": ["fallback"]}}})
        assert [one["parameters"] for one in made] == [{"model": "simple"}]
        assert [await counted(prefect, run) for run in failed.values()] == [1, 2]
    assert {name: one["outcome"] for name, one in done.items()} == {
        "daily-works": f"prefect/fallback/main was triggered: {made[0]['id']}",
        "weekly-works": f"{failed['weekly']} was retried",
    }


async def start(http: httpx.AsyncClient, pipeline: str, **parameters: Any) -> dict[str, Any]:
    started = await ask(http, START, input={"pipeline": pipeline, "parameters": parameters})
    assert "errors" not in started, started
    return started["triggerPipeline"]


async def caused_by(http: httpx.AsyncClient, run: str) -> dict[str, Any]:
    """The one incident whose cause a run is; what else has failed at the server is none of it."""
    nodes = [edge["node"] for edge in (await ask(http, INCIDENTS))["incidents"]["edges"]]
    (found,) = [one for one in nodes if one["cause"]["run"] == {"externalId": run}]
    return found


def kinds(incident: dict[str, Any]) -> set[str]:
    return {one["kind"] for one in incident["signals"]}


def are_sent(incident: dict[str, Any]) -> bool:
    return all(one["state"] == "SENT" for one in incident["notifications"])


async def actions(http: httpx.AsyncClient) -> dict[str, dict[str, Any]]:
    """What was asked for, by SLA."""
    return {
        sla["node"]["name"]: action
        for sla in (await ask(http, ACTIONS))["slas"]["edges"]
        for evaluation in sla["node"]["evaluations"]["edges"]
        for action in evaluation["node"]["actions"]
    }


def are_done(found: dict[str, dict[str, Any]]) -> bool:
    return len(found) == 2 and all(one["state"] == "DONE" for one in found.values())


async def counted(prefect: httpx.AsyncClient, run: str) -> int:
    """How often Prefect has started a run that has ended."""
    found = (await prefect.get(f"flow_runs/{run}")).json()
    return found["run_count"] if found["state_type"] == "FAILED" else 0


async def died(server: Server) -> bool:
    async def code() -> int | None:
        return server.process.poll()

    return await eventually(code, lambda found: found is not None, within=90) == -9
