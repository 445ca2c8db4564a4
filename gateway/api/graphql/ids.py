"""Global ids and cursors: opaque to clients, and the same for ever."""

import base64
import binascii
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from gateway.api.graphql.errors import BadInput
from gateway.domain.filters import BY_NAME, PipelineOrder, PipelinePosition, PipelineSort, RunOrder, RunPosition

_MICROSECOND = timedelta(microseconds=1)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_FIRST = datetime.min.replace(tzinfo=UTC)
_LAST = datetime.max.replace(tzinfo=UTC)
_LARGEST = 2**63 - 1
_URL_SAFE = bytes.maketrans(b"+/", b"-_")


class Kind(StrEnum):
    """What a global id can name."""

    ORCHESTRATOR = "Orchestrator"
    PIPELINE = "Pipeline"
    RUN = "Run"
    DATASET = "Dataset"
    DATASET_VERSION = "DatasetVersion"
    LINEAGE_JOB = "LineageJob"
    DEPENDENCY = "Dependency"
    FIRING = "Firing"
    SLA = "Sla"
    SLA_EVALUATION = "SlaEvaluation"
    FORECAST_CORRECTION = "ForecastCorrection"
    INCIDENT = "Incident"
    SIGNAL = "Signal"
    NOTIFICATION = "Notification"
    SILENCE = "Silence"

    def __init__(self, name: str) -> None:
        self.prefix = f"{name}:".encode()


def global_id(kind: Kind, identity: int) -> str:
    """The id that clients see."""
    return binascii.b2a_base64(b"%b%d" % (kind.prefix, identity), newline=False).translate(_URL_SAFE, b"=").decode()


def column_id(dataset: int, field: str) -> str:
    """The id of a column; no node, so it is only given out."""
    return _wrap(f"Column:{dataset}:{field}")


def parse(value: str, field: str = "id") -> tuple[Kind, int]:
    """What an id names. BAD_USER_INPUT for what is none of ours."""
    kind, _, number = _unwrap(value).partition(":")
    if kind not in set(Kind) or not _is_number(number):
        raise BadInput(field, f"{value[:80]!r} is not an id.", "Use an id that this API has given out, unchanged.")
    return Kind(kind), int(number)


def parse_as(kind: Kind, value: str, field: str = "id") -> int:
    """The number in an id of one kind. BAD_USER_INPUT for another kind."""
    found, identity = parse(value, field)
    if found is not kind:
        raise BadInput(field, f"{value[:80]!r} is the id of a {found.value}.", f"Use the id of a {kind.value}.")
    return identity


def run_cursor(position: RunPosition, order: RunOrder = RunOrder.TIME) -> str:
    """A place in a list of runs in that order."""
    place = f"r:{(position.sort_at - _FIRST) // _MICROSECOND}:{position.id}"
    if order is RunOrder.TIME:
        return _wrap(place)
    length = "" if position.duration is None else position.duration // _MICROSECOND
    return _wrap(f"d:{length}:{place}")


def parse_run_cursor(value: str, order: RunOrder = RunOrder.TIME) -> RunPosition:
    """The place a cursor names. BAD_USER_INPUT for what is no cursor of runs in that order."""
    if order is RunOrder.TIME:
        return RunPosition(*_parse_timed(value, "r"))
    mark, _, rest = _unwrap(value).partition(":")
    length, _, place = rest.partition(":")
    if mark != "d" or not (length == "" or _is_number(length.removeprefix("-"))):
        raise _bad_cursor(value)
    position = RunPosition(*_timed(value, place, "r"))
    return replace(position, duration=timedelta(microseconds=int(length))) if length else position


def pipeline_cursor(position: PipelinePosition, sort: PipelineSort = BY_NAME) -> str:
    """A place in a list of pipelines in that order."""
    place = f"p:{position.id}:{position.search}"
    return _wrap(place if sort.order is PipelineOrder.NAME else f"{_mark(sort)}:{_value(position.value)}:{place}")


def parse_pipeline_cursor(value: str, sort: PipelineSort = BY_NAME) -> PipelinePosition:
    """The place a cursor names. BAD_USER_INPUT for what is no cursor of pipelines in that order."""
    text = _unwrap(value)
    if sort.order is PipelineOrder.NAME:
        return _parse_named(value, text, None)
    mark, _, rest = text.partition(":")
    length, separator, rest = rest.partition(":")
    if mark != _mark(sort) or not separator or not (length == "" or _is_number(length)):
        raise _bad_cursor(value)
    if length == "":
        return _parse_named(value, rest, None)
    placed, rest = rest[: int(length)], rest[int(length) + 1 :]
    return _parse_named(value, rest, _placed(value, placed, sort.order))


def _parse_named(value: str, text: str, placed: str | int | datetime | None) -> PipelinePosition:
    mark, _, rest = text.partition(":")
    number, separator, search = rest.partition(":")
    if mark != "p" or not separator or not _is_number(number) or "\0" in search:
        raise _bad_cursor(value)
    return PipelinePosition(search, int(number), placed)


def _mark(sort: PipelineSort) -> str:
    return f"{'-' if sort.is_descending else ''}{sort.order}"


def _value(value: str | int | datetime | None) -> str:
    """With its length before it, so that it may hold anything; empty where there is none."""
    if value is None:
        return ""
    text = str((value - _FIRST) // _MICROSECOND) if isinstance(value, datetime) else str(value)
    return f"{len(text)}:{text}"


def _placed(cursor: str, text: str, order: PipelineOrder) -> str | int | datetime:
    """As the order's values are. BAD_USER_INPUT for what is no such value."""
    if order in {PipelineOrder.ORCHESTRATOR, PipelineOrder.OWNER, PipelineOrder.SCHEDULE}:
        if "\0" in text:
            raise _bad_cursor(cursor)
        return text
    if not _is_number(text):
        raise _bad_cursor(cursor)
    return int(text) if order is PipelineOrder.LATEST_STATE else _instant(cursor, int(text))


def version_cursor(created_at: datetime, identity: int) -> str:
    """A place in a list of dataset versions."""
    return _wrap(f"v:{(created_at - _EPOCH) // _MICROSECOND}:{identity}")


def parse_version_cursor(value: str) -> tuple[int, int]:
    """The place a cursor names. BAD_USER_INPUT for what is no cursor of versions."""
    parts = _unwrap(value).split(":")
    if len(parts) != 3 or parts[0] != "v" or not (_is_number(parts[1].removeprefix("-")) and _is_number(parts[2])):
        raise _bad_cursor(value)
    return int(parts[1]), int(parts[2])


def firing_cursor(identity: int) -> str:
    """A place in a list of firings."""
    return _wrap(f"f:{identity}")


def parse_firing_cursor(value: str) -> int:
    """The place a cursor names. BAD_USER_INPUT for what is no cursor of firings."""
    mark, _, number = _unwrap(value).partition(":")
    if mark != "f" or not _is_number(number):
        raise _bad_cursor(value)
    return int(number)


def evaluation_cursor(opens_at: datetime, identity: int) -> str:
    """A place in a list of evaluations."""
    return _wrap(f"e:{(opens_at - _FIRST) // _MICROSECOND}:{identity}")


def parse_evaluation_cursor(value: str) -> tuple[datetime, int]:
    """The place a cursor names. BAD_USER_INPUT for what is no cursor of evaluations."""
    return _parse_timed(value, "e")


def incident_cursor(opened_at: datetime, identity: int) -> str:
    """A place in a list of incidents."""
    return _wrap(f"i:{(opened_at - _FIRST) // _MICROSECOND}:{identity}")


def parse_incident_cursor(value: str) -> tuple[datetime, int]:
    """The place a cursor names. BAD_USER_INPUT for what is no cursor of incidents."""
    return _parse_timed(value, "i")


def name_cursor(name: str) -> str:
    """A place in a list by name."""
    return _wrap(f"n:{name}")


def parse_name_cursor(value: str) -> str:
    """The place a cursor names. BAD_USER_INPUT for what is no cursor of a list by name."""
    mark, separator, name = _unwrap(value).partition(":")
    if mark != "n" or not separator or "\0" in name:
        raise _bad_cursor(value)
    return name


def lane_cursor(place: int) -> str:
    """A place in a list of lanes, whose order is that of the moment: how many stand before it."""
    return _wrap(f"l:{place}")


def parse_lane_cursor(value: str) -> int:
    """The place a cursor names. BAD_USER_INPUT for what is no cursor of lanes."""
    mark, _, number = _unwrap(value).partition(":")
    if mark != "l" or not _is_number(number):
        raise _bad_cursor(value)
    return int(number)


def _parse_timed(value: str, mark: str) -> tuple[datetime, int]:
    return _timed(value, _unwrap(value), mark)


def _timed(value: str, text: str, mark: str) -> tuple[datetime, int]:
    parts = text.split(":")
    if len(parts) != 3 or parts[0] != mark or not (_is_number(parts[1]) and _is_number(parts[2])):
        raise _bad_cursor(value)
    return _instant(value, int(parts[1])), int(parts[2])


def _instant(value: str, microseconds: int) -> datetime:
    if microseconds > (_LAST - _FIRST) // _MICROSECOND:
        raise _bad_cursor(value)
    return _FIRST + timedelta(microseconds=microseconds)


def _bad_cursor(value: str) -> BadInput:
    return BadInput(
        "after", f"{value[:80]!r} is not a cursor of this list.", "Use an edge's cursor or endCursor, unchanged."
    )


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 20 and int(text) <= _LARGEST


def _wrap(text: str) -> str:
    return binascii.b2a_base64(text.encode(), newline=False).translate(_URL_SAFE, b"=").decode()


def _unwrap(value: str) -> str:
    """The text inside, empty for anything that was not made by ``_wrap``."""
    try:
        text = base64.b64decode(value + "=" * (-len(value) % 4), altchars=b"-_", validate=True).decode()
    except (binascii.Error, ValueError):
        return ""
    return text if _wrap(text) == value else ""
