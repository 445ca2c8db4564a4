"""What a GraphQL error tells: a code from a short list, a message for people, and the remedy."""

import re
import secrets
from enum import StrEnum

import structlog
from graphql import GraphQLError

from adapters.sdk.errors import AdapterError, NotFound, Rejected
from adapters.sdk.registry import ConfigurationError
from gateway.api import metrics
from gateway.domain.errors import ConflictError, InvalidInputError, NotFoundError, RequestError

log = structlog.get_logger(__name__)

#: The library quotes what does not fit. A neighbour of what is wrong in an object may be a secret, and so may what
#: stands where an object should be.
_QUOTED = re.compile(
    r"(?:[,.]? found|(?<=\?) Found):? [{\[].*$|(?<=to be an object), found: .*$", re.DOTALL | re.IGNORECASE
)


class Code(StrEnum):
    """``extensions.code`` of every error."""

    BAD_USER_INPUT = "BAD_USER_INPUT"
    NOT_FOUND = "NOT_FOUND"
    UNAUTHENTICATED = "UNAUTHENTICATED"
    FORBIDDEN = "FORBIDDEN"
    CONFLICT = "CONFLICT"
    UPSTREAM_UNAVAILABLE = "UPSTREAM_UNAVAILABLE"
    QUERY_TOO_COMPLEX = "QUERY_TOO_COMPLEX"
    INTERNAL = "INTERNAL"


class ApiError(GraphQLError):
    """An error that is meant for the caller."""

    def __init__(self, code: Code, message: str, *, remedy: str | None = None, field: str | None = None) -> None:
        extensions = {"code": str(code), "remedy": remedy, "field": field}
        super().__init__(message, extensions={name: value for name, value in extensions.items() if value is not None})


class BadInput(ApiError):
    """A value that cannot be used: names the field, the value and the remedy."""

    def __init__(self, field: str, message: str, remedy: str) -> None:
        super().__init__(Code.BAD_USER_INPUT, f"{field}: {message}", remedy=remedy, field=field)


_REQUEST_CODES: dict[type[RequestError], Code] = {
    NotFoundError: Code.NOT_FOUND,
    ConflictError: Code.CONFLICT,
    InvalidInputError: Code.BAD_USER_INPUT,
}


def translated(error: BaseException) -> ApiError | None:
    """The API's word for an expected failure, None for an unexpected one."""
    match error:
        case ApiError():
            return error
        case RequestError():
            return ApiError(_REQUEST_CODES.get(type(error), Code.CONFLICT), error.message, remedy=error.remedy)
        case Rejected():
            return ApiError(Code.BAD_USER_INPUT, error.message, remedy=error.remedy)
        case NotFound():
            return ApiError(Code.NOT_FOUND, error.message, remedy=error.remedy)
        case AdapterError():
            return ApiError(Code.UPSTREAM_UNAVAILABLE, error.message, remedy=error.remedy)
        case ConfigurationError():
            remedy = "Mend the orchestrator's connection; `podium check` shows every fault."
            return ApiError(Code.UPSTREAM_UNAVAILABLE, str(error), remedy=remedy)
        case RecursionError():
            return ApiError(Code.QUERY_TOO_COMPLEX, "The query is nested too deeply.", remedy="Ask for fewer levels.")
        case _:
            return None


def present(errors: list[GraphQLError]) -> None:
    """Give every error its code and remedy, in place; an unexpected one is logged and only its id is shown."""
    for error in errors:
        _present(error)
        metrics.GRAPHQL_ERRORS.labels(_code_of(error)).inc()


def _present(error: GraphQLError) -> None:
    cause = _cause(error)
    known = translated(cause) if cause is not None else None
    if known is not None:
        if cause is not error:
            error.message = known.message
        error.extensions = known.extensions
    elif cause is None or isinstance(cause, GraphQLError):
        # Made by the GraphQL library itself: the document or a variable does not fit the schema.
        error.message = _without_objects(error.message)
        error.extensions = {"code": str(Code.BAD_USER_INPUT)} | (error.extensions or {})
    else:
        _mask(error, cause)


def _without_objects(message: str) -> str:
    left = _QUOTED.sub("", message)
    return left if left == message or left.endswith((".", "?")) else f"{left}."


def _mask(error: GraphQLError, cause: BaseException) -> None:
    identity = incident()
    log.error("unexpected error in the API", error_id=identity, path=error.path, exc_info=cause)
    error.message = f"Something went wrong inside Podium; its log tells more under {identity}."
    error.extensions = {"code": str(Code.INTERNAL), "errorId": identity, "remedy": "Report it with the log's entry."}


def incident() -> str:
    """A short id that joins what a caller sees to what is in the log."""
    return secrets.token_hex(6)


def _cause(error: GraphQLError) -> BaseException | None:
    """What was raised first: libraries wrap errors in errors."""
    cause: BaseException | None = error
    while isinstance(cause, GraphQLError) and not isinstance(cause, ApiError) and cause.original_error is not None:
        cause = cause.original_error
    return cause


def _code_of(error: GraphQLError) -> str:
    return str((error.extensions or {}).get("code", Code.INTERNAL))
