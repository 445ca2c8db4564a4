"""OpenTelemetry traces. Imported only where they are asked for: its packages are the ``otel`` extra."""

import os
from collections.abc import Callable

from fastapi import FastAPI
from opentelemetry import trace
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.instrumentation.fastapi import FastAPIInstrumentor
from opentelemetry.instrumentation.httpx import HTTPXClientInstrumentor
from opentelemetry.instrumentation.sqlalchemy import SQLAlchemyInstrumentor
from opentelemetry.sdk.resources import SERVICE_NAME, Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, ConsoleSpanExporter, SpanExporter
from sqlalchemy import Engine

from gateway.app.telemetry import TelemetryError

#: Asked for by machines every few seconds; their spans would bury the others.
UNTRACED = "healthz,readyz,metrics"


def start() -> Callable[[], None]:
    """Send traces where the environment says; returns what sends the last of them and stops. TelemetryError."""
    exporters: dict[str, Callable[[], SpanExporter]] = {"otlp": _otlp, "console": ConsoleSpanExporter}
    names = [name.strip() for name in (os.environ.get("OTEL_TRACES_EXPORTER") or "otlp").split(",")]
    if unknown := [name for name in names if name not in exporters]:
        raise TelemetryError(f"OTEL_TRACES_EXPORTER={unknown[0]} is not known here; use otlp, console or none.")
    # OTEL_SERVICE_NAME and OTEL_RESOURCE_ATTRIBUTES win over what is given here.
    provider = TracerProvider(resource=Resource.create(_service()))
    for name in names:
        provider.add_span_processor(BatchSpanProcessor(exporters[name]()))
    trace.set_tracer_provider(provider)
    HTTPXClientInstrumentor().instrument(tracer_provider=provider)
    return provider.shutdown


def trace_parts(app: FastAPI, *engines: Engine) -> None:
    """Make a span of each request that ``app`` answers and of each statement that ``engines`` run."""
    FastAPIInstrumentor.instrument_app(app, excluded_urls=UNTRACED)
    SQLAlchemyInstrumentor().instrument(engines=list(engines))


def _service() -> dict[str, str]:
    return {} if os.environ.get("OTEL_SERVICE_NAME") else {SERVICE_NAME: "podium"}


def _otlp() -> SpanExporter:
    protocol = os.environ.get("OTEL_EXPORTER_OTLP_TRACES_PROTOCOL") or os.environ.get("OTEL_EXPORTER_OTLP_PROTOCOL")
    if protocol not in {None, "", "http/protobuf"}:
        raise TelemetryError(
            f"OTEL_EXPORTER_OTLP_PROTOCOL={protocol} is not spoken here; use http/protobuf (port 4318 by custom)."
        )
    return OTLPSpanExporter()
