"""DateTime, Duration and JSON, strict on the way in and uniform on the way out."""

from datetime import UTC, datetime, timedelta
from typing import Any, NewType

import orjson
import strawberry
from strawberry.types.scalar import ScalarDefinition

from gateway.api.graphql.errors import ApiError, Code
from gateway.domain.durations import DurationError, format_duration, parse_duration

Json = NewType("Json", object)

#: Bytes of one JSON input; parameters of a run are small.
LONGEST_JSON = 64 * 1024
#: Beyond these years arithmetic with time zones and windows overflows.
EARLIEST = datetime(1900, 1, 1, tzinfo=UTC)
LATEST = datetime(9000, 1, 1, tzinfo=UTC)


def parse_instant(value: Any) -> datetime:
    """An aware UTC instant from ISO 8601. BAD_USER_INPUT for anything else, a missing offset included."""
    remedy = "Write an ISO 8601 instant with its offset, e.g. 2026-05-01T07:00:00Z."
    if not isinstance(value, str):
        raise ApiError(Code.BAD_USER_INPUT, f"DateTime: {value!r} is not a string.", remedy=remedy)
    try:
        instant = datetime.fromisoformat(value)
    except ValueError:
        raise ApiError(Code.BAD_USER_INPUT, f"DateTime: {_short(value)} is no instant.", remedy=remedy) from None
    if instant.tzinfo is None:
        raise ApiError(Code.BAD_USER_INPUT, f"DateTime: {_short(value)} has no offset from UTC.", remedy=remedy)
    if not EARLIEST.replace(tzinfo=None) < instant.replace(tzinfo=None) < LATEST.replace(tzinfo=None):
        raise ApiError(Code.BAD_USER_INPUT, f"DateTime: {_short(value)} is out of range.", remedy=remedy)
    return instant.astimezone(UTC)


def write_instant(value: datetime) -> str:
    """ISO 8601 in UTC with a Z."""
    if value.tzinfo is not UTC:
        value = value.astimezone(UTC)
    return value.isoformat().removesuffix("+00:00") + "Z"


def parse_length(value: Any) -> timedelta:
    """A duration from ISO 8601 or Prometheus style. BAD_USER_INPUT for anything else."""
    remedy = "Write an ISO 8601 duration, e.g. PT2H30M or P30D."
    if not isinstance(value, str):
        raise ApiError(Code.BAD_USER_INPUT, f"Duration: {value!r} is not a string.", remedy=remedy)
    try:
        return parse_duration(value)
    except DurationError as error:
        raise ApiError(Code.BAD_USER_INPUT, f"Duration: {error}", remedy=remedy) from None


def parse_json(value: Any) -> Any:
    """Any JSON that both databases can keep. BAD_USER_INPUT where it is too long or holds what they cannot."""
    remedy = f"Send at most {LONGEST_JSON} bytes of JSON, without NUL characters."
    try:
        text = orjson.dumps(value)
    except (orjson.JSONEncodeError, RecursionError):
        raise ApiError(Code.BAD_USER_INPUT, "JSON: this value cannot be kept as JSON.", remedy=remedy) from None
    if len(text) > LONGEST_JSON:
        message = f"JSON: {len(text)} bytes are more than {LONGEST_JSON}."
        raise ApiError(Code.BAD_USER_INPUT, message, remedy=remedy)
    if b"\\u0000" in text:
        raise ApiError(Code.BAD_USER_INPUT, "JSON: a text holds a NUL character.", remedy=remedy)
    return value


def _short(value: str) -> str:
    return repr(value if len(value) <= 60 else f"{value[:60]}...")


def _plain(value: Any) -> Any:
    return value


SCALARS: dict[object, ScalarDefinition] = {
    datetime: strawberry.scalar(
        name="DateTime",
        description="ISO-8601 instant, always UTC, e.g. 2026-05-01T07:00:00Z",
        serialize=write_instant,
        parse_value=parse_instant,
    ),
    timedelta: strawberry.scalar(
        name="Duration",
        description="ISO-8601 duration, e.g. PT2H30M",
        serialize=format_duration,
        parse_value=parse_length,
    ),
    Json: strawberry.scalar(name="JSON", description="Any JSON value", serialize=_plain, parse_value=parse_json),
}
