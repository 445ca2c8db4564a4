"""Errors over HTTP: problem+json (RFC 9457) for REST, the GraphQL shape for GraphQL."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

import orjson
import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import Response

from adapters.sdk.errors import AdapterError, NotFound, RateLimited, Rejected, Unavailable
from adapters.sdk.registry import ConfigurationError
from gateway.api.auth import Refused
from gateway.api.graphql.errors import Code, incident
from gateway.api.headers import SECURITY
from gateway.domain.errors import ConflictError, InvalidInputError, NotFoundError, RequestError
from gateway.sync.webhooks import UnknownOrchestratorError

log = structlog.get_logger(__name__)

GRAPHQL_PATH = "/graphql"
_CODES = {
    400: Code.BAD_USER_INPUT,
    401: Code.UNAUTHENTICATED,
    403: Code.FORBIDDEN,
    404: Code.NOT_FOUND,
    409: Code.CONFLICT,
    500: Code.INTERNAL,
    502: Code.UPSTREAM_UNAVAILABLE,
    503: Code.UPSTREAM_UNAVAILABLE,
}
_STATUSES: dict[type[RequestError], int] = {NotFoundError: 404, ConflictError: 409, InvalidInputError: 400}


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong, for a person and for a program."""

    status: int
    detail: str
    remedy: str | None = None
    extra: dict[str, Any] = field(default_factory=dict[str, Any])
    headers: dict[str, str] = field(default_factory=dict[str, str])

    @property
    def code(self) -> Code:
        """The word that GraphQL errors have for it too."""
        return _CODES.get(self.status, Code.BAD_USER_INPUT)


def respond(problem: Problem, path: str) -> Response:
    """The answer, in the shape that callers of ``path`` expect."""
    more = {"remedy": problem.remedy, **problem.extra}
    told = {name: value for name, value in more.items() if value is not None}
    headers = dict(problem.headers)
    if problem.status == 401:
        headers["www-authenticate"] = 'Bearer realm="podium"'
    if path == GRAPHQL_PATH:
        error = {"message": problem.detail, "extensions": {"code": problem.code, **told}}
        return _json({"errors": [error]}, problem.status, "application/json", headers)
    body = {
        "type": "about:blank",
        "title": HTTPStatus(problem.status).phrase,
        "status": problem.status,
        "detail": problem.detail,
        "code": problem.code,
        **told,
    }
    return _json(body, problem.status, "application/problem+json", headers)


def problem_of(error: Exception) -> Problem | None:
    """What an expected failure means over HTTP; None for an unexpected one."""
    match error:
        case Refused():
            return Problem(error.status, error.message, error.remedy)
        case RequestError():
            return Problem(_STATUSES.get(type(error), 409), error.message, error.remedy)
        case UnknownOrchestratorError():
            return Problem(404, str(error), "`podium orchestrators` lists those there are.")
        case Rejected():
            return Problem(400, error.message, error.remedy)
        case NotFound():
            return Problem(404, error.message, error.remedy)
        case RateLimited() | Unavailable():
            wait = getattr(error, "retry_after", None) or 10
            return Problem(503, error.message, error.remedy, headers={"retry-after": str(round(wait) or 1)})
        case AdapterError() | ConfigurationError():
            return Problem(502, str(error))
        case _:
            return None


def install(app: FastAPI) -> None:
    """Let every error leave as a problem."""

    async def expected(request: Request, error: Exception) -> Response:
        return respond(problem_of(error) or _unexpected(request, error), request.url.path)

    async def http(request: Request, error: Exception) -> Response:
        status = error.status_code if isinstance(error, HTTPException) else 500
        headers = dict(getattr(error, "headers", None) or {})
        detail = f"{request.method} {request.url.path[:200]}: {str(getattr(error, 'detail', error)).rstrip('.')}."
        return respond(Problem(status, detail, headers=headers), request.url.path)

    async def invalid(request: Request, error: Exception) -> Response:
        faults: Sequence[Any] = error.errors() if isinstance(error, RequestValidationError) else ()
        detail = "; ".join(f"{'.'.join(str(part) for part in fault['loc'])}: {fault['msg']}" for fault in faults)
        return respond(Problem(400, detail), request.url.path)

    for kind in (Refused, RequestError, AdapterError, ConfigurationError, UnknownOrchestratorError):
        app.add_exception_handler(kind, expected)
    app.add_exception_handler(HTTPException, http)
    app.add_exception_handler(RequestValidationError, invalid)
    app.add_exception_handler(Exception, expected)


def _unexpected(request: Request, error: Exception) -> Problem:
    identity = incident()
    log.error("unexpected error in the API", error_id=identity, path=request.url.path, exc_info=error)
    detail = f"Something went wrong inside Podium; its log tells more under {identity}."
    return Problem(500, detail, extra={"errorId": identity})


def _json(body: dict[str, Any], status: int, media_type: str, headers: dict[str, str]) -> Response:
    return Response(orjson.dumps(body), status, SECURITY | headers | {"cache-control": "no-store"}, media_type)
