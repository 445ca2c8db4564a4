"""A real Prometheus Alertmanager as a sink: one incident is one alert there, until it is over."""

import asyncio
import shutil
import subprocess
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from adapters.sdk.protocol import utc_now
from gateway.app.demo.postgres import free_port
from gateway.domain.incidents import NoticeKind
from tests.alerts.test_channels import message, send
from tests.waiting import eventually

pytestmark = pytest.mark.slow
TOOLS = Path(__file__).parents[2] / ".cache/tools/bin"
GIVEN = {"labels": {"team": "data"}}
CONFIG = "route: {receiver: nobody}\nreceivers: [{name: nobody}]\n"


def program() -> str:
    found = shutil.which("prometheus-alertmanager") or shutil.which("prometheus-alertmanager", path=str(TOOLS))
    assert found is not None, "`make alertmanager` unpacks it"
    return found


@pytest.fixture
async def url(tmp_path: Path) -> AsyncIterator[str]:
    config, port = tmp_path / "alertmanager.yml", free_port()
    config.write_text(CONFIG)
    arguments = [
        f"--config.file={config}",
        f"--storage.path={tmp_path / 'data'}",
        f"--web.listen-address=127.0.0.1:{port}",
        "--cluster.listen-address=",
    ]
    with (tmp_path / "log").open("wb") as log:
        process = subprocess.Popen([program(), *arguments], stdout=log, stderr=log)
    try:
        await eventually(lambda: is_ready(f"http://127.0.0.1:{port}"), within=30)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        await asyncio.to_thread(process.wait, 30)


async def is_ready(url: str) -> bool:
    async with httpx.AsyncClient() as client:
        try:
            return (await client.get(f"{url}/-/ready")).status_code == 200
        except httpx.TransportError:
            return False


async def alerts(url: str) -> list[Any]:
    async with httpx.AsyncClient() as client:
        return (await client.get(f"{url}/api/v2/alerts")).json()


async def test_an_incident_is_one_alert_until_it_is_over(url):
    for _ in range(2):
        await send("alertmanager", GIVEN | {"url": url}, message(), utc_now)
    (alert,) = await alerts(url)
    assert alert["labels"] == {
        "alertname": "PodiumIncident",
        "incident": "podium-incident-7",
        "source": "podium",
        "team": "data",
    }
    assert alert["annotations"]["summary"] == "airflow/<ingest> failed (run 7)"
    assert alert["generatorURL"] == "https://podium.example.com/incidents/7"
    assert alert["status"]["state"] == "active"
    await send("alertmanager", GIVEN | {"url": url}, message(NoticeKind.RESOLVED), utc_now)
    assert await eventually(lambda: alerts(url), lambda found: found == []) == []
