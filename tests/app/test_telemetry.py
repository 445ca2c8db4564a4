"""Logs in one shape whoever writes them, secrets masked, and traces only where they are asked for."""

import json
import logging
import sys
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import httpx
import pytest
import structlog

from gateway.app.settings import LogFormat, LogLevel
from gateway.app.telemetry import TelemetryError, configure_logging, redact, start_tracing, tracing_is_wanted
from tests.app.server import serving

LIBRARIES = ("httpx", "uvicorn.access", "uvicorn.error", "asyncio", "alembic")


@pytest.fixture(autouse=True)
def logging_as_before() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    levels = {name: logging.getLogger(name).level for name in LIBRARIES}
    logging.getLogger("uvicorn.error").setLevel(logging.NOTSET)  # another test's server may have silenced it
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    for name, before in levels.items():
        logging.getLogger(name).setLevel(before)
    logging.captureWarnings(capture=False)
    structlog.reset_defaults()


def test_our_own_and_libraries_messages_are_one_json_object_a_line(capsys: pytest.CaptureFixture[str]):
    configure_logging(LogLevel.INFO, LogFormat.JSON)
    structlog.get_logger("gateway.sync").info("synced", orchestrator="airflow-prod", runs=3)
    logging.getLogger("uvicorn.error").warning("odd %s", "request")
    logging.getLogger("httpx").info("one line for each request would be too much")
    structlog.get_logger("gateway.sync").debug("not at this level")
    lines = [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    assert [(line["level"], line["logger"], line["event"]) for line in lines] == [
        ("info", "gateway.sync", "synced"),
        ("warning", "uvicorn.error", "odd request"),
    ]
    assert lines[0]["runs"] == 3
    assert lines[0]["timestamp"].endswith("Z")


def test_an_exception_is_logged_without_local_variables_or_secrets(capsys: pytest.CaptureFixture[str]):
    configure_logging(LogLevel.INFO, LogFormat.CONSOLE)
    harmless_name = "local-hunter22"
    try:
        raise RuntimeError("cannot reach postgresql://podium:hunter22@db/podium")
    except RuntimeError:
        structlog.get_logger("gateway").exception("failed", length=len(harmless_name))
    printed = capsys.readouterr().err
    assert "RuntimeError: cannot reach postgresql://podium:***@db/podium" in printed
    assert "hunter22" not in printed


@pytest.mark.parametrize(
    ("event", "shown"),
    [
        ({"password": "hunter22"}, {"password": "***"}),
        ({"api_key": "hunter22", "key": "sales"}, {"api_key": "***", "key": "sales"}),
        ({"headers": {"Authorization": "hunter22"}}, {"headers": {"Authorization": "***"}}),
        ({"event": "sent Bearer hunter22abc to it"}, {"event": "sent Bearer *** to it"}),
        ({"event": "http://u:hunter22@host/x"}, {"event": "http://u:***@host/x"}),
        ({"event": "?token=hunter22&page=2"}, {"event": "?token=***&page=2"}),
        ({"event": f"podium_{'ab' * 6}_{'cd' * 24}"}, {"event": f"podium_{'ab' * 6}_***"}),
        ({"event": ["password: hunter22"]}, {"event": ["password: ***"]}),
        ({"event": "13:45:01 https://host:80/x", "runs": 3}, {"event": "13:45:01 https://host:80/x", "runs": 3}),
    ],
)
def test_what_looks_like_a_secret_is_masked(event: dict[str, object], shown: dict[str, object]):
    assert redact(None, "info", event) == shown


@pytest.mark.parametrize(
    ("environment", "wanted"),
    [
        ({}, False),
        ({"OTEL_EXPORTER_OTLP_ENDPOINT": "http://collector:4318"}, True),
        ({"OTEL_TRACES_EXPORTER": "console"}, True),
        ({"OTEL_TRACES_EXPORTER": "none", "OTEL_EXPORTER_OTLP_ENDPOINT": "http://collector:4318"}, False),
        ({"OTEL_SDK_DISABLED": "true", "OTEL_TRACES_EXPORTER": "console"}, False),
    ],
)
def test_the_standard_variables_switch_tracing(environment: dict[str, str], wanted: bool):
    assert tracing_is_wanted(environment) is wanted


@pytest.mark.parametrize(
    ("variable", "value", "told"),
    [
        ("OTEL_TRACES_EXPORTER", "jaeger", "OTEL_TRACES_EXPORTER=jaeger is not known here; use otlp, console or none."),
        ("OTEL_EXPORTER_OTLP_PROTOCOL", "grpc", "OTEL_EXPORTER_OTLP_PROTOCOL=grpc is not spoken here"),
    ],
)
def test_what_cannot_be_traced_is_told(monkeypatch: pytest.MonkeyPatch, variable: str, value: str, told: str):
    monkeypatch.setenv(variable, value)
    with pytest.raises(TelemetryError, match=told):
        start_tracing()


def test_missing_packages_are_told_with_the_command_that_installs_them(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", "http://collector:4318")
    monkeypatch.delitem(sys.modules, "gateway.app.tracing", raising=False)
    monkeypatch.setitem(sys.modules, "opentelemetry.sdk.trace", None)
    with pytest.raises(TelemetryError) as caught:
        start_tracing()
    assert str(caught.value) == (
        "OTEL_EXPORTER_OTLP_ENDPOINT asks for traces, but opentelemetry.sdk.trace is not installed:"
        " pip install 'podium[otel]', or unset it."
    )


@pytest.mark.slow
def test_spans_of_requests_and_statements_reach_the_collector(tmp_path: Path):
    received: list[bytes] = []

    class Collector(BaseHTTPRequestHandler):
        def do_POST(self):
            received.append(self.rfile.read(int(self.headers["content-length"])))
            self.send_response(200)
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            """Stay quiet."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Collector) as collector:
        Thread(target=collector.serve_forever, daemon=True).start()
        where = f"http://127.0.0.1:{collector.server_port}"
        with serving(tmp_path, OTEL_EXPORTER_OTLP_ENDPOINT=where, OTEL_EXPORTER_OTLP_COMPRESSION="none") as server:
            httpx.post(f"{server.url}/graphql", json={"query": "{ orchestrators { name } }"}).raise_for_status()
            assert server.stop() == 0
        collector.shutdown()
    sent = b"".join(received)
    for expected in (b"podium", b"/graphql", b"FROM orchestrators"):
        assert expected in sent
    assert b"/readyz" not in sent
