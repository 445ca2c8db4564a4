"""What a first contact tells: version, rights, and what is not well."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from adapters.dagster.shapes import known_shape
from gateway.domain.observation import Probe
from gateway.domain.states import Capability

OLDEST = (1, 13)

#: The rights that a capability needs; one that Dagster does not name counts as given.
_RIGHTS: Mapping[Capability, tuple[str, ...]] = {
    Capability.TRIGGER: ("launch_pipeline_execution",),
    Capability.RETRY: ("launch_pipeline_reexecution",),
    Capability.CANCEL: ("terminate_pipeline_execution",),
    Capability.PAUSE: ("start_schedule", "stop_running_schedule", "edit_sensor"),
}


@known_shape("The answer of the server")
def probe(data: Mapping[str, Any], capabilities: Iterable[Capability], only_location: str | None) -> Probe:
    """The answer to ``queries.PROBE``. Drift."""
    version = str(data["version"])
    rights = {right["permission"]: right["value"] for right in data["permissions"]}
    warnings = [
        *_version_warnings(version),
        *_daemon_warnings(data["instance"]["daemonHealth"]["allDaemonStatuses"]),
        *_location_warnings(data["workspaceOrError"], only_location),
    ]
    usable = frozenset(
        capability
        for capability in capabilities
        if all(rights.get(right, True) for right in _RIGHTS.get(capability, ()))
    )
    return Probe(version=version, capabilities=usable, warnings=warnings)


def _version_warnings(version: str) -> list[str]:
    match = re.match(r"(\d+)\.(\d+)", version)
    if match and (int(match[1]), int(match[2])) < OLDEST:
        return [f"Dagster {version} is older than 1.13, with which this adapter is tested: upgrade it."]
    return []


def _daemon_warnings(daemons: Iterable[Mapping[str, Any]]) -> list[str]:
    ill = sorted(daemon["daemonType"] for daemon in daemons if daemon["required"] and not daemon["healthy"])
    if not ill:
        return []
    names = ", ".join(ill).lower()
    waiting = "schedules, sensors, backfills and queued runs will not start"
    return [f"The Dagster daemon is not running as it should ({names}): {waiting}. Start dagster-daemon."]


def _location_warnings(workspace: Mapping[str, Any], only_location: str | None) -> list[str]:
    if workspace["__typename"] != "Workspace":
        return [f"The workspace cannot be read: {workspace.get('message', '')}"]
    entries = workspace["locationEntries"]
    warnings = [
        f"Code location {entry['name']} cannot be loaded, so its jobs are missing: {_reason(located)}"
        for entry in entries
        for located in [entry["locationOrLoadError"]]
        if located and located["__typename"] == "PythonError"
    ]
    if only_location is not None and all(entry["name"] != only_location for entry in entries):
        known = ", ".join(sorted(entry["name"] for entry in entries)) or "none"
        warnings.append(f"There is no code location {only_location}; known are {known}.")
    return warnings


def _reason(error: Mapping[str, Any]) -> str:
    """The first line of the innermost cause: the outer ones only say that definitions could not be loaded."""
    text: str = [error, *error["causes"]][-1]["message"].strip()
    return text.splitlines()[0] if text else "no reason given"
