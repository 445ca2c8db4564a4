"""What Podium tells of itself: logs in one shape, and traces where the standard environment variables ask for them."""

import importlib
import logging
import os
import re
import sys
from collections.abc import Callable, Mapping
from types import ModuleType
from typing import TYPE_CHECKING, Any, cast

import orjson
import structlog
from opentelemetry import trace
from structlog.typing import EventDict, Processor, WrappedLogger

from adapters.sdk.redaction import MASK
from gateway.app.settings import LogFormat, LogLevel

if TYPE_CHECKING:
    from fastapi import FastAPI
    from sqlalchemy import Engine

#: Any of these switches tracing on; they are OpenTelemetry's own.
TRACING_VARIABLES = ("OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "OTEL_TRACES_EXPORTER")
_SECRET_KEY = re.compile(
    r"(?i)(?:^|[_.-])(?:password|passwd|secret|token|api_?key|authorization|cookie|credentials?)s?$"
)
_SECRET_TEXT = (
    (re.compile(r"\bpodium_([0-9a-f]{12})_[0-9a-f]{48}\b"), rf"podium_\1_{MASK}"),
    (re.compile(r"(?i)\b(bearer|basic)\s+[\w~+/.=-]{4,}"), rf"\1 {MASK}"),
    (re.compile(r"(://[^/\s:@]*):[^/\s@]+@"), rf"\1:{MASK}@"),
    (re.compile(r"(?i)\b((?:password|passwd|secret|token|api_?key)[\"']?\s*[=:]\s*[\"']?)[^\s\"'&,;}]+"), rf"\1{MASK}"),
)
#: Libraries whose every request or statement would be a line.
_QUIET = ("httpx", "httpcore", "aiosqlite", "asyncio", "alembic", "urllib3", "opentelemetry")


class TelemetryError(RuntimeError):
    """Tracing is asked for and cannot be had; the message says what to install or unset."""


def configure_logging(level: LogLevel, log_format: LogFormat) -> None:
    """Log to standard error, our own messages and every library's alike."""
    is_json = log_format is LogFormat.JSON
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.stdlib.ExtraAdder(),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        add_trace,
        structlog.processors.StackInfoRenderer(),
        # Tracebacks become text here, without local variables, so that the next step sees all of it.
        structlog.processors.format_exc_info,
        redact,
    ]
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            structlog.stdlib.PositionalArgumentsFormatter(),
            *shared,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, _renderer(is_json=is_json)],
        )
    )
    _take_over_stdlib(handler, getattr(logging, level.name))


def redact(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """A second net: what is called a secret, or looks like one, is masked. The first is never to log one."""
    for key in event:
        event[key] = _hidden(key, event[key])
    return event


def add_trace(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Join a log line to the trace it belongs to."""
    span = trace.get_current_span().get_span_context()
    if span.is_valid:
        event["trace_id"] = f"{span.trace_id:032x}"
        event["span_id"] = f"{span.span_id:016x}"
    return event


def tracing_is_wanted(environment: Mapping[str, str] = os.environ) -> bool:
    """Whether OpenTelemetry's variables ask for traces."""
    if environment.get("OTEL_SDK_DISABLED", "").lower() == "true":
        return False
    if environment.get("OTEL_TRACES_EXPORTER", "").lower() == "none":
        return False
    return any(environment.get(variable) for variable in TRACING_VARIABLES)


def start_tracing() -> Callable[[], None]:
    """Send traces where the environment says; returns what sends the last of them. TelemetryError."""
    return _tracing().start()


def trace_parts(app: "FastAPI", *engines: "Engine") -> None:
    """Make a span of each request that ``app`` answers and of each statement that ``engines`` run. TelemetryError."""
    _tracing().trace_parts(app, *engines)


def _tracing() -> ModuleType:
    """The tracing module, which needs the packages of the ``otel`` extra."""
    try:
        return importlib.import_module("gateway.app.tracing")
    except ImportError as error:
        asked = ", ".join(variable for variable in TRACING_VARIABLES if os.environ.get(variable))
        raise TelemetryError(
            f"{asked} asks for traces, but {error.name} is not installed: pip install 'podium[otel]', or unset it."
        ) from None


def _renderer(*, is_json: bool) -> Processor:
    if is_json:
        return structlog.processors.JSONRenderer(serializer=_dumps)
    return structlog.dev.ConsoleRenderer(
        colors=sys.stderr.isatty(), exception_formatter=structlog.dev.plain_traceback, pad_event_to=0
    )


def _dumps(value: Any, **_options: Any) -> str:
    return orjson.dumps(value, default=repr, option=orjson.OPT_NON_STR_KEYS).decode()


def _take_over_stdlib(handler: logging.Handler, level: int) -> None:
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    logging.captureWarnings(capture=True)
    for name in ("uvicorn", "uvicorn.error", "uvicorn.access"):
        logger = logging.getLogger(name)
        logger.handlers.clear()
        logger.propagate = True
    for name in (*_QUIET, *(() if level <= logging.DEBUG else ("uvicorn.access",))):
        logging.getLogger(name).setLevel(max(level, logging.WARNING))


def _hidden(key: str, value: Any) -> Any:
    if _SECRET_KEY.search(key) and isinstance(value, str) and value:
        return MASK
    if isinstance(value, str):
        for pattern, replacement in _SECRET_TEXT:
            value = pattern.sub(replacement, value)
        return value
    if isinstance(value, Mapping):
        return {name: _hidden(str(name), inner) for name, inner in cast("Mapping[Any, Any]", value).items()}
    if isinstance(value, list | tuple):
        return [_hidden(key, inner) for inner in cast("list[Any]", value)]
    return value
