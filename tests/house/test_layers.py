"""The architecture's one way holds, and every adapter is installed the way a stranger's would be."""

import subprocess
import sys

from adapters.sdk import registry
from tests.house.source import ROOT


def test_layers_hold():
    answer = subprocess.run(
        [sys.executable, "-c", "from importlinter.cli import lint_imports_command as c; c()"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert answer.returncode == 0, answer.stdout


def test_our_adapters_are_found_by_entry_point():
    assert {"airflow", "dagster", "prefect"} <= set(registry.kinds())
