"""Checks of assets: which of them have news, and what they found."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime

from adapters.dagster.check_payloads import Asset, Check, Execution
from adapters.dagster.cursors import CheckKey, Pass
from adapters.dagster.mapping.assets import asset_key
from adapters.dagster.mapping.steps import split_key
from adapters.dagster.shapes import known_shape
from gateway.domain.incidents import Severity
from gateway.domain.observation import ObservedCheck

#: Planned, in a run that has not ended.
IN_PROGRESS = "IN_PROGRESS"
_SEVERITIES: Mapping[str, Severity] = {"WARN": Severity.WARNING, "ERROR": Severity.ERROR}


def latest_write(asset: Asset) -> float:
    """When an asset was last written, in seconds since 1970; 0 for never."""
    writes = asset["assetMaterializations"]
    return int(writes[0]["timestamp"]) / 1000 if writes else 0.0


def with_news(assets: Sequence[Asset], place: Pass, only_location: str | None) -> Iterator[CheckKey]:
    """Checks that may have found something since the last pass."""
    for asset in assets:
        definition = asset["definition"]
        if definition is None or only_location not in {None, definition["repository"]["location"]["name"]}:
            continue
        path, written = tuple(asset["key"]["path"]), latest_write(asset)
        for check in definition["assetChecksOrError"].get("checks", ()):
            key = path, check["name"]
            if key in place.pending or _is_news(check, written, place.changed_after):
                yield key


def _is_news(check: Check, written: float, after: float) -> bool:
    last = check["executionForLatestMaterialization"]
    if last is None:
        return written > after  # the write hides what the last execution was
    if last["status"] == IN_PROGRESS:
        return True  # it hides the one before
    return (last["evaluation"] or last)["timestamp"] > after


@known_shape("A check's execution")
def evaluated(key: CheckKey, raw: Execution) -> ObservedCheck | None:
    """What a check found in one execution; None where it has not looked. Drift.

    The id is that of the check in the run: where a step is tried again, its later evaluation replaces the earlier.
    """
    found = raw["evaluation"]
    if found is None:
        return None
    return ObservedCheck(
        asset_key=asset_key(key[0]),
        name=key[1],
        passed=found["success"],
        at=datetime.fromtimestamp(found["timestamp"], UTC),
        external_id=raw["id"],
        severity=_SEVERITIES.get(found["severity"], Severity.ERROR),
        description=found["description"] or None,
        run_external_id=raw["runId"] or None,
        task=split_key(raw["stepKey"])[0] if raw["stepKey"] else None,
        partition=raw["partition"],
    )
