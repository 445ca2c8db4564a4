"""What every local orchestrator offers: install, start, stop, and what podium.yaml needs to connect to it."""

import urllib.error
import urllib.request
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Protocol

SAMPLES = Path(__file__).parent / "samples"
#: Seconds for a server to answer; the first start on a busy machine is slow.
PATIENCE = 240.0


class LocalOrchestrator(Protocol):
    """A real orchestrator on this machine, bound to loopback, with sample pipelines."""

    kind: str
    #: For people and for podium.yaml, e.g. "airflow-demo".
    name: str

    #: More variables for all its processes.
    env: Mapping[str, str]

    @property
    def title(self) -> str:
        """Product and version, for people."""
        ...

    @property
    def url(self) -> str:
        """Where it listens."""
        ...

    @property
    def auth(self) -> Mapping[str, str]:
        """podium.yaml's ``auth``, with secrets in clear; the demo turns them into references."""
        ...

    def install(self) -> None:
        """Make its environment where it is missing. InstallError."""
        ...

    def start(self) -> None:
        """Start it and wait until its API answers and its pipelines are loaded. ProcessFailedError."""
        ...

    def check(self) -> None:
        """ProcessFailedError where one of its processes has ended by itself."""
        ...

    def stop(self) -> None:
        """End all its processes; another thread may be starting it."""
        ...


def answers(url: str, headers: Mapping[str, str] | None = None) -> bool:
    """Whether a server gives any answer below 500."""
    return fetch(url, headers=headers) is not None


def fetch(
    url: str, *, method: str = "GET", body: bytes | None = None, headers: Mapping[str, str] | None = None
) -> bytes | None:
    """The body of an answer below 500 (also of a 4xx), None where there is none."""
    request = urllib.request.Request(url, data=body, method=method, headers=dict(headers or {}))  # noqa: S310  # loopback
    try:
        with urllib.request.urlopen(request, timeout=5) as answer:  # noqa: S310
            return answer.read()
    except urllib.error.HTTPError as error:
        return error.read() if error.code < 500 else None
    except (OSError, ValueError):
        return None


def write(path: Path, content: Any) -> Path:
    """Write a text file and the folders above it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(str(content), encoding="utf-8")
    return path
