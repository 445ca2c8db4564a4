"""The log of one attempt of a step.

A step with a process of its own (multiprocess, Kubernetes and similar executors) has what that process wrote to
stderr and stdout. Steps that share a process have their lines of the run's event log, which hold what the step logged
and why it failed; what it printed cannot be told from what its neighbours printed and follows under a heading.
"""

from collections import deque
from collections.abc import AsyncIterator

from adapters.dagster import queries
from adapters.dagster.client import DagsterClient
from adapters.dagster.mapping.logs import StepLog
from adapters.dagster.shapes import known_shape

EVENTS_PER_PAGE = 1000
SHARED_OUTPUT = "--- stdout of the process, which ran other steps too ---"
OUTPUT = "--- stdout ---"


async def step_log(client: DagsterClient, run_id: str, step_key: str, attempt: int, tail: int) -> str:
    """The last ``tail`` lines; "" where there is nothing yet. NotFound."""
    log = StepLog(step_key, attempt)
    events: deque[str] = deque(maxlen=tail)
    async for line in _event_lines(client, run_id, log):
        events.append(line)
    capture = log.capture
    if capture is None:
        return "\n".join(events)
    stdout, stderr = await _captured(client, run_id, capture.file_key, tail)
    first = stderr if capture.is_own and stderr else events
    heading = [OUTPUT if capture.is_own else SHARED_OUTPUT] if stdout and first else []
    return "\n".join(deque([*first, *heading, *stdout], maxlen=tail))


async def _event_lines(client: DagsterClient, run_id: str, log: StepLog) -> AsyncIterator[str]:
    cursor: str | None = None
    while True:
        answer = await client.query(queries.EVENTS, run=run_id, cursor=cursor, limit=EVENTS_PER_PAGE)
        page = client.expect(answer, "logsForRun", "EventConnection")
        with known_shape("A run's event log"):
            lines, has_more, after = list(log.lines(page["events"])), page["hasMore"], page["cursor"]
        for line in lines:
            yield line
        if not has_more or after == cursor:
            return
        cursor = after


async def _captured(client: DagsterClient, run_id: str, file_key: str, tail: int) -> tuple[deque[str], deque[str]]:
    """The last lines of stdout and of stderr, read chunk by chunk: Dagster gives no end of a file without its start."""
    stdout: deque[str] = deque(maxlen=tail)
    stderr: deque[str] = deque(maxlen=tail)
    cursor: str | None = None
    while True:
        answer = await client.query(queries.CAPTURED, key=[run_id, "compute_logs", file_key], cursor=cursor)
        with known_shape("A step's output"):
            chunk = answer["capturedLogs"]
            _extend(stdout, chunk["stdout"])
            _extend(stderr, chunk["stderr"])
            if not (chunk["stdout"] or chunk["stderr"]) or chunk["cursor"] == cursor:
                return _lines(stdout), _lines(stderr)
            cursor = chunk["cursor"]


def _extend(lines: deque[str], chunk: str | None) -> None:
    """Add a chunk; its first line goes on with the last one where that did not end in a newline."""
    for line in (chunk or "").splitlines(keepends=True):
        if lines and not lines[-1].endswith("\n"):
            lines[-1] += line
        else:
            lines.append(line)


def _lines(lines: deque[str]) -> deque[str]:
    return deque(line.rstrip("\r\n") for line in lines)
