"""Where OpenLineage's HTTP transport sends its events."""

import zlib
from collections.abc import Sequence
from typing import Any, cast

import orjson
from fastapi import APIRouter, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import JSONResponse, Response

from gateway.api.access import Access
from gateway.api.limits import Limits
from gateway.api.problems import Problem, respond
from gateway.api.services import Services
from gateway.domain.access import Role
from lineage import metrics
from lineage.intake import RETRY_AFTER, NotTakenError
from lineage.openlineage.check import Event, InvalidEventError, Remark, check

#: Bytes of a body whose reading would keep other requests waiting.
LARGE = 256 * 1024
GZIP = 16 + zlib.MAX_WBITS
_UNPACKED = frozenset({"", "identity"})


class UnreadableError(ValueError):
    """The body is not what it should be."""

    def __init__(self, status: int, message: str, remedy: str | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.remedy = remedy


def router(services: Services, access: Access, limits: Limits) -> APIRouter:
    """POST /api/v1/lineage and /api/v1/lineage/batch."""
    routes = APIRouter(prefix="/api/v1/lineage", tags=["lineage"])
    allowed = [access.needs(Role.OPERATOR)]

    @routes.post("", status_code=201, dependencies=allowed)
    async def receive(request: Request) -> Response:
        """One event. 201 once it is durable; facets that break their schema are named in ``warnings``."""
        try:
            event = await _read(request, limits, check)
            await services.lineage.receive([event])
        except (UnreadableError, InvalidEventError, NotTakenError) as error:
            return _refused(request, error)
        _count_remarks([event])
        return JSONResponse({"warnings": _told(event.remarks)}, 201)

    @routes.post("/batch", dependencies=allowed)
    async def receive_batch(request: Request) -> Response:
        """Many events. Those that are valid count, and are durable at the answer; the others are named in it."""
        try:
            good, bad = await _read(request, limits, _check_each)
            await services.lineage.receive([event for _, event in good])
        except (UnreadableError, NotTakenError) as error:
            return _refused(request, error)
        _count_remarks([event for _, event in good])
        return JSONResponse(_summary(good, bad))

    return routes


Numbered = Sequence[tuple[int, Event]]
Failures = Sequence[tuple[int, InvalidEventError]]


def _check_each(given: object) -> tuple[Numbered, Failures]:
    if not isinstance(given, list):
        raise UnreadableError(400, "$: a batch is a JSON array of events.", "Send one event to /api/v1/lineage.")
    good: list[tuple[int, Event]] = []
    bad: list[tuple[int, InvalidEventError]] = []
    for index, one in enumerate(cast("list[object]", given)):
        try:
            good.append((index, check(one)))
        except InvalidEventError as error:
            bad.append((index, error))
    return good, bad


async def _read(request: Request, limits: Limits, judge: Any) -> Any:
    body = await request.body()

    def work() -> Any:
        return judge(_json(_unpacked(body, request.headers.get("content-encoding", ""), limits.lineage_body)))

    return (
        work() if len(body) < LARGE and not request.headers.get("content-encoding") else await run_in_threadpool(work)
    )


def _unpacked(body: bytes, encoding: str, longest: int) -> bytes:
    coding = encoding.strip().lower()
    if coding in _UNPACKED:
        return body
    if coding != "gzip":
        raise UnreadableError(415, f"content-encoding {coding[:40]!r} is not known.", "Send gzip, or nothing packed.")
    try:
        packed = zlib.decompressobj(GZIP)
        unpacked = packed.decompress(body, longest)
    except zlib.error as error:
        raise UnreadableError(400, f"The body is not gzip: {error}.") from None
    if packed.unconsumed_tail:
        raise UnreadableError(413, f"The body is longer than {longest} bytes once unpacked.", "Send less at once.")
    if not packed.eof:
        raise UnreadableError(400, "The body is not gzip: it ends too early.")
    return unpacked


def _json(body: bytes) -> object:
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise UnreadableError(400, f"The body is not JSON: {error}.") from None


def _refused(request: Request, error: UnreadableError | InvalidEventError | NotTakenError) -> Response:
    match error:
        case NotTakenError():
            problem = Problem(503, str(error), "Send it again.", headers={"retry-after": str(RETRY_AFTER)})
        case InvalidEventError():
            metrics.REFUSED.labels("invalid").inc()
            remedy = "See https://openlineage.io/docs/spec/ for what an event holds."
            problem = Problem(400, f"{error}.", remedy, extra={"path": error.path})
        case UnreadableError():
            metrics.REFUSED.labels("unreadable").inc()
            problem = Problem(error.status, str(error), error.remedy)
    return respond(problem, request.url.path)


def _summary(good: Numbered, bad: Failures) -> dict[str, Any]:
    metrics.REFUSED.labels("invalid").inc(len(bad))
    failed = [{"index": index, "reason": str(error), "retriable": False} for index, error in bad]
    warned = [{"index": index, "warnings": _told(event.remarks)} for index, event in good if event.remarks]
    return {
        "status": "partial_success" if bad else "success",
        "summary": {
            "received": len(good) + len(bad),
            "successful": len(good),
            "failed": len(bad),
            "retriable": 0,
            "non_retriable": len(bad),
        },
        "failed_events": failed,
        "warnings": warned,
    }


def _told(remarks: Sequence[Remark]) -> list[dict[str, str]]:
    return [{"path": remark.path, "message": remark.message} for remark in remarks]


def _count_remarks(events: Sequence[Event]) -> None:
    metrics.REMARKS.inc(sum(len(event.remarks) for event in events))
