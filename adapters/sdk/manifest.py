"""A manifest says what an adapter is before any of its code runs: ``manifest.toml`` beside it."""

import tomllib
from dataclasses import dataclass
from importlib import resources

from gateway.domain.states import Capability, TriggerGuarantee


@dataclass(frozen=True, slots=True)
class LineageNames:
    """How the kind's OpenLineage integration names jobs: patterns of ``{key}``, its parts ``{head}`` and ``{tail}``
    before the first and after the last slash, and ``{task}``."""

    pipelines: tuple[str, ...] = ()
    tasks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Manifest:
    """The adapter's own account of itself, shown by ``podium check`` and in the documentation's table."""

    kind: str
    title: str
    #: Versions of the vendor's product that the live tests run against, e.g. (">=2.11,<3", ">=3.0").
    supported_versions: tuple[str, ...]
    capabilities: frozenset[Capability]
    trigger: TriggerGuarantee
    #: Why the guarantee is what it is, in one sentence.
    trigger_note: str
    lineage: LineageNames = LineageNames()


def load_manifest(package: str) -> Manifest:
    """Read ``manifest.toml`` of an adapter's package; KeyError or ValueError name what is wrong in it."""
    raw = tomllib.loads(resources.files(package).joinpath("manifest.toml").read_text(encoding="utf-8"))
    return Manifest(
        kind=raw["kind"],
        title=raw["title"],
        supported_versions=tuple(raw["supported_versions"]),
        capabilities=frozenset(Capability(name) for name in raw["capabilities"]),
        trigger=TriggerGuarantee(raw["trigger"]),
        trigger_note=raw["trigger_note"],
        lineage=LineageNames(**{kind: tuple(patterns) for kind, patterns in raw.get("lineage", {}).items()}),
    )
