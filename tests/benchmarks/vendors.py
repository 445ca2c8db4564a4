"""Pretend vendors that page through many runs as fast as they can: ``python -m tests.benchmarks.vendors KIND COUNT``.

Rows are recorded ones with other ids and times, rendered before the first request: what is measured is the reader.
``/pages/N`` sends the bytes of the N-th page again, for the comparison with merely downloading and decoding them.
"""

import asyncio
import json
import sys
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import orjson
import uvicorn

RECORDED = Path(__file__).parents[1] / "adapters"
START = datetime(2026, 5, 1, tzinfo=UTC)
SIZES = {"airflow": 100, "dagster": 200, "prefect": 200}
PIPELINES = 50


def recorded(kind: str, name: str) -> Any:
    content = json.loads((RECORDED / kind / "captures" / f"{name}.json").read_text())
    return content.get("body", content)


def instant(number: int) -> str:
    return (START + timedelta(seconds=number)).isoformat(timespec="microseconds").replace("+00:00", "Z")


class Airflow:
    def __init__(self, count: int) -> None:
        sample = recorded("airflow", "v2/runs_incremental")["dag_runs"][0]
        self.rows = [
            orjson.dumps(
                sample
                | {"dag_run_id": f"run-{n}", "dag_id": f"dag_{n % PIPELINES}", "queued_at": instant(n)}
                | {"start_date": instant(n + 1), "end_date": instant(n + 9)}
            )
            for n in range(count)
        ]

    def page(self, number: int) -> bytes:
        size = SIZES["airflow"]
        rows = self.rows[number * size : (number + 1) * size]
        following = orjson.dumps(str(number + 1) if (number + 1) * size < len(self.rows) else None)
        return b'{"dag_runs":[' + b",".join(rows) + b'],"total_entries":1,"next_cursor":' + following + b"}"

    def answer(self, path: str, query: dict[str, str], _body: Any) -> bytes:
        if path.endswith("/version"):
            return b'{"version":"3.3.2"}'
        return self.page(int(query.get("cursor") or 0))


class Dagster:
    def __init__(self, count: int) -> None:
        sample = recorded("dagster", "runs")["data"]["runsOrError"]["results"][0]
        began = START.timestamp()
        self.rows = [
            orjson.dumps(
                sample
                | {"runId": f"run-{n}", "jobName": f"job_{n % PIPELINES}", "creationTime": began - n}
                | {"startTime": began - n + 1, "endTime": began - n + 9, "updateTime": began - n + 9}
            )
            for n in range(count)
        ]

    def page(self, number: int) -> bytes:
        return self._from(number * SIZES["dagster"])

    def _from(self, start: int) -> bytes:
        rows = self.rows[start : start + SIZES["dagster"]]
        return b'{"data":{"runsOrError":{"__typename":"Runs","results":[' + b",".join(rows) + b"]}}}"

    def answer(self, _path: str, _query: dict[str, str], body: Any) -> bytes:
        if "RunExists" in body["query"]:
            return b'{"data":{"runOrError":{"__typename":"Run","runId":"asked for"}}}'
        cursor = body["variables"].get("cursor")
        return self._from(int(cursor.removeprefix("run-")) + 1 if cursor else 0)


class Prefect:
    def __init__(self, count: int) -> None:
        sample = recorded("prefect", "run_success")
        self.count = count
        self.rows = [
            orjson.dumps(
                sample
                | {"id": str(UUID(int=n + 1)), "expected_start_time": instant(count - n), "created": instant(count - n)}
                | {"start_time": instant(count - n), "end_time": instant(count - n)}
            )
            for n in range(count)
        ]
        self.deployments = orjson.dumps(recorded("prefect", "deployments"))
        self.flows = orjson.dumps(recorded("prefect", "flows"))

    def page(self, number: int) -> bytes:
        return self._from(number * (SIZES["prefect"] - 1))

    def _from(self, start: int) -> bytes:
        return b"[" + b",".join(self.rows[start : start + SIZES["prefect"]]) + b"]"

    def answer(self, path: str, _query: dict[str, str], body: Any) -> bytes:
        if path.endswith("flow_runs/filter"):
            window = body["flow_runs"].get("end_time")
            if window is None:
                return b"[]"
            before = window.get("before_")
            return self._from(self._number(before) if before else 0)
        if path.endswith("deployments/filter"):
            return self.deployments
        return self.flows if path.endswith("flows/filter") else b'{"events":[],"total":0,"next_page":null}'

    def _number(self, before: str) -> int:
        return self.count - round((datetime.fromisoformat(before) - START).total_seconds())


VENDORS = {"airflow": Airflow, "dagster": Dagster, "prefect": Prefect}


@dataclass
class Server:
    vendor: Any

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        body = b""
        while True:
            message = await receive()
            body += message.get("body", b"")
            if not message.get("more_body"):
                break
        path = scope["path"]
        if path.startswith("/pages/"):
            content = self.vendor.page(int(path.removeprefix("/pages/")))
        else:
            query = dict(pair.split("=", 1) for pair in scope["query_string"].decode().split("&") if pair)
            content = self.vendor.answer(path, query, orjson.loads(body) if body else None)
        headers = [(b"content-type", b"application/json"), (b"content-length", str(len(content)).encode())]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": content})


async def main(kind: str, count: int) -> None:
    config = uvicorn.Config(Server(VENDORS[kind](count)), port=0, log_level="critical", lifespan="off")
    server = uvicorn.Server(config)
    serving = asyncio.create_task(server.serve())
    while not server.started:
        await asyncio.sleep(0.01)
    print(server.servers[0].sockets[0].getsockname()[1], flush=True)
    await serving


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], int(sys.argv[2])))
