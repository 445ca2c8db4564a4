"""How soon a gateway is ready and the command line answers, in CPU time against importing what they are made of."""

import resource
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from tests.app.server import ROOT, environment, serving

ROUNDS = 5
LIBRARIES = "import alembic, fastapi, httpx, pydantic, sqlalchemy.ext.asyncio, strawberry, structlog, uvicorn"


def test_start(tmp_path: Path):
    def gateway() -> float:
        with serving(tmp_path) as server:
            return server.cpu

    libraries = best(lambda: cpu_of("-c", LIBRARIES))
    print(f"\nlibraries imported {libraries:.2f} s of CPU")
    print(f"ready on an empty folder {(ready := best(gateway)):.2f} s, {ready / libraries:.1f} x")
    assert ready <= 4 * libraries
    python, help_ = best(lambda: cpu_of("-c", "pass")), best(lambda: cpu_of("-m", "gateway.app.cli", "--help"))
    print(f"bare interpreter {python:.2f} s; podium --help {help_:.2f} s")
    assert help_ <= libraries


def best(measure: Callable[[], float]) -> float:
    return min(measure() for _ in range(ROUNDS))


def cpu_of(*arguments: str) -> float:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([sys.executable, *arguments], check=True, cwd=ROOT, env=environment(ROOT), stdout=subprocess.DEVNULL)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
