"""A third party's adapter, and some that are not as good, installed as pip does it."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from adapters.sdk import registry


@pytest.fixture(scope="module")
def site(tmp_path_factory) -> Iterator[Path]:
    """A folder with their entry points, on this process's path."""
    folder = tmp_path_factory.mktemp("site")
    info = folder / "podium_examples-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: podium-examples\nVersion: 1.0\n")
    bad = ["Hurried", "Forgetful", "Trusting", "Talkative", "Vague", "Stubborn"]
    points = [f"{name.lower()} = tests.adapters.kit.careless:{name}\n" for name in bad]
    points.append("metronome = tests.app.podium_metronome:MetronomeAdapter\n")
    points.append("absent = not_there:Adapter\n")
    (info / "entry_points.txt").write_text("[podium.adapters]\n" + "".join(points))
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(folder))
        patch.setenv("PYTHONPATH", os.pathsep.join([str(folder), os.environ.get("PYTHONPATH", "")]))
        registry.adapter_class.cache_clear()
        yield folder
    registry.adapter_class.cache_clear()
