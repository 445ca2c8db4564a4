"""Whether something is an OpenLineage event: strict on what identifies, tolerant on facets."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, cast

from lineage.openlineage.schema import Kind, validator

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_CONTAINERS = frozenset({"facets", "inputFacets", "outputFacets"})
#: Bytes of a namespace or name: what an index of PostgreSQL takes.
LONGEST_NAME = 2_000
MOST_WARNINGS = 50

Path = tuple[str | int, ...]


class InvalidEventError(ValueError):
    """This is no OpenLineage event. ``path`` is where, as JSONPath."""

    def __init__(self, path: Path, message: str) -> None:
        self.path = json_path(path)
        self.message = message
        super().__init__(f"{self.path}: {message}")


@dataclass(frozen=True, slots=True)
class Remark:
    """Something that was read otherwise than it was sent."""

    path: str
    message: str


@dataclass(frozen=True, slots=True)
class Event:
    """A valid event."""

    kind: Kind
    #: Microseconds since 1970.
    at: int
    #: As it came.
    given: dict[str, Any]
    #: Without the facets that break their schema.
    body: dict[str, Any]
    remarks: Sequence[Remark] = ()


def check(given: object) -> Event:
    """The event in a JSON value. InvalidEventError."""
    if not isinstance(given, dict):
        raise InvalidEventError((), "an event is a JSON object")
    whole = body = cast("dict[str, Any]", given)
    kind = _kind(body)
    judge = validator(kind)
    remarks: list[Remark] = []
    if not judge.is_valid(body):
        body, remarks = _without_bad_facets(
            body, [(tuple(e.instance_path), e.message) for e in judge.iter_errors(body)]
        )
    for path, name in _names(kind, body):
        _check_name(path, name)
    at, remark = _instant(body["eventTime"])
    return Event(kind, at, whole, body, tuple(remarks[:MOST_WARNINGS] + ([remark] if remark else [])))


def json_path(path: Path) -> str:
    """A place in a JSON value, as JSONPath writes it."""
    return "$" + "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in path)


def _kind(body: dict[str, Any]) -> Kind:
    if "run" in body:
        return Kind.RUN
    if "job" in body:
        return Kind.JOB
    if "dataset" in body:
        return Kind.DATASET
    raise InvalidEventError((), "an event has a run and a job, a job, or a dataset")


def _without_bad_facets(body: dict[str, Any], errors: list[tuple[Path, str]]) -> tuple[dict[str, Any], list[Remark]]:
    """A copy with every facet taken out that an error lies in. InvalidEventError for an error elsewhere."""
    bad: dict[Path, tuple[Path, str]] = {}
    for path, message in errors:
        place = _facet_at(path)
        if place is None:
            raise InvalidEventError(path, message)
        bad.setdefault(place, (path, message))
    for place in bad:
        body = _without(body, place)
    return body, [Remark(json_path(path), f"{message}; this facet is not used") for path, message in bad.values()]


def _facet_at(path: Path) -> Path | None:
    """The facet, or the whole of ``facets``, that holds a place."""
    for depth, part in enumerate(path[:4]):
        if part in _CONTAINERS:
            return path[: depth + 2]
    return None


def _without(value: Any, place: Path) -> Any:
    """A copy of a JSON value without the member at ``place``; nothing else is copied."""
    head, rest = place[0], place[1:]
    if isinstance(value, list):
        items = cast("list[Any]", value)
        return [_without(item, rest) if index == head else item for index, item in enumerate(items)]
    members = cast("dict[str, Any]", value)
    if not rest:
        return {name: member for name, member in members.items() if name != head}
    return {name: _without(member, rest) if name == head else member for name, member in members.items()}


def _names(kind: Kind, body: dict[str, Any]) -> Iterator[tuple[Path, str]]:
    """Everything that identifies."""
    if kind is Kind.RUN:
        yield ("run", "runId"), body["run"]["runId"]
    if kind is Kind.DATASET:
        yield from _names_in(("dataset",), body["dataset"])
        return
    yield from _names_in(("job",), body["job"])
    for side in ("inputs", "outputs"):
        for index, dataset in enumerate(body.get(side) or ()):
            yield from _names_in((side, index), dataset)


def _names_in(path: Path, named: dict[str, Any]) -> Iterator[tuple[Path, str]]:
    yield (*path, "namespace"), named["namespace"]
    yield (*path, "name"), named["name"]


def _check_name(path: Path, name: str) -> None:
    if not name.strip():
        raise InvalidEventError(path, "must not be empty")
    if "\0" in name:
        raise InvalidEventError(path, "must not hold a null character")
    if len(name) > LONGEST_NAME // 4 and len(name.encode()) > LONGEST_NAME:
        raise InvalidEventError(path, f"is longer than {LONGEST_NAME} bytes")


def _instant(text: str) -> tuple[int, Remark | None]:
    """Microseconds since 1970; a time without an offset is UTC."""
    try:
        instant = datetime.fromisoformat(text)
    except ValueError:
        raise InvalidEventError(("eventTime",), f"{text[:80]!r} is no ISO-8601 time") from None
    remark = None
    if instant.tzinfo is None:
        remark = Remark("$.eventTime", "has no offset; read as UTC")
        instant = instant.replace(tzinfo=UTC)
    return (instant - _EPOCH) // _MICROSECOND, remark
