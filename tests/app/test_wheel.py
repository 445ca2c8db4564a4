"""What people install: a wheel holds the built page and all that a gateway needs, and nothing of the workshop."""

import re
import subprocess
import sys
import zipfile

import httpx
import pytest

from gateway.app.wiring import WEB_ROOT
from tests.app.server import ROOT, environment, serving

pytestmark = [pytest.mark.slow, pytest.mark.browser]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory) -> zipfile.ZipFile:
    """Built from this checkout, with the page that `make ui` has put there."""
    assert (WEB_ROOT / "index.html").is_file(), "The page is not built: run `make ui`."
    out = tmp_path_factory.mktemp("wheel")
    subprocess.run(["uv", "build", "--quiet", "--wheel", "--out-dir", out, ROOT], check=True, timeout=300)
    (built,) = out.glob("podium-*.whl")
    return zipfile.ZipFile(built)


def test_only_what_runs_is_in_it(wheel):
    folders = {name.split("/")[0] for name in wheel.namelist()}
    assert {re.sub(r"-.*", "", folder) for folder in folders} == {"gateway", "adapters", "lineage", "podium"}
    assert [name for name in wheel.namelist() if name.endswith((".sqlite", ".pyc", ".map"))] == []


def test_its_gateway_serves_the_page(wheel, tmp_path):
    site = tmp_path / "installed"
    wheel.extractall(site)
    installed = {"PYTHONPATH": str(site)}
    where = subprocess.run(
        [sys.executable, "-c", "import gateway; print(*gateway.__path__)"],
        env=environment(tmp_path, **installed),
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    )
    assert where.stdout.strip() == str(site / "gateway")
    with serving(tmp_path, **installed) as server:
        page = httpx.get(f"{server.url}/runs", headers={"accept": "text/html"})
        scripts = re.findall(r'src="\./(assets/[^"]+\.js)"', page.text)
        assert [httpx.get(f"{server.url}/{script}").status_code for script in scripts] == [200] * len(scripts)
        assert "<title>Podium</title>" in page.text
        assert scripts
