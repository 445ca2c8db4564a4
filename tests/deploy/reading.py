"""What stands in deploy/, read as those who use it read it."""

import re
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "deploy"
CHART = DEPLOY / "helm" / "podium"
DOCKERFILE = DEPLOY / "Dockerfile"


def text(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def yaml(path: Path) -> Any:
    return YAML(typ="safe", pure=True).load(text(path))


def files() -> list[Path]:
    """What is written by hand there; links lead to what is listed anyway."""
    found = (path for path in DEPLOY.rglob("*") if path.is_file() and not path.is_symlink())
    return sorted(path for path in found if path.parent.name != "secrets")


def instructions(name: str) -> list[str]:
    """Those of the Dockerfile that begin with ``name``, each in one line."""
    joined = re.sub(r"\\\n\s*", " ", text(DOCKERFILE))
    return [line.removeprefix(name).strip() for line in joined.splitlines() if line.startswith(f"{name} ")]
