"""The demo: real orchestrators, Podium above them, and runs to look at. Ctrl-C ends all of it."""

import os
import shutil
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path
from types import FrameType

from rich.console import Console
from rich.panel import Panel

from gateway.app.demo import environments
from gateway.app.demo.airflow import LocalAirflow, emitting_lineage
from gateway.app.demo.dagster import LocalDagster
from gateway.app.demo.environments import InstallError
from gateway.app.demo.inbox import Inbox
from gateway.app.demo.local import LocalOrchestrator, answers, write
from gateway.app.demo.postgres import PostgresServer, free_port
from gateway.app.demo.prefect import LocalPrefect
from gateway.app.demo.processes import ChildProcess, ProcessFailedError
from gateway.app.demo.steps import Steps
from gateway.app.demo.story import Storyteller

KINDS = ("airflow", "prefect", "dagster")
#: Where each part listens, unless somebody else does: the same at each start, so that links to earlier runs hold.
PORTS = {"podium": 8080, "airflow": 8081, "prefect": 8082, "dagster": 8083, "inbox": 8084}
PATIENCE = 180.0
#: What runs today makes the marts of yesterday, and those are what leads are scored by. Of what is promised, something
#: is kept, something is missed, and something is at risk, for one failure would be too many.
ACROSS = """\
dependencies:
  - name: marts-after-loads
    description: Once Airflow and Prefect have loaded, Dagster makes the marts of the day before.
    keyed_by: day
    upstream:
      - {pipeline: airflow-demo/ingest_sales, offset: -1}
      - {pipeline: prefect-demo/crm-sync/hourly, offset: -1}
    target: dagster-demo/shop/marts
    partition: "{{ key }}"
    timeout: 12h
  - name: scores-after-revenue
    description: Once a day, when Dagster has written the asset, whichever job did it.
    keyed_by: day
    upstream: [{dataset: {namespace: dagster-demo, name: revenue_by_store}}]
    target: prefect-demo/score-leads/nightly
slas:
  - {name: ingest-is-quick, pipeline: airflow-demo/ingest_sales, kind: duration, limit: 30m, owner: ada}
  - name: revenue-before-midnight
    description: Across all three; a way to it is forecast while it is not there.
    dataset: {namespace: dagster-demo, name: revenue_by_store}
    kind: deadline
    deadline: "24:00"
    objective: 0.95
    owner: finance
  - {name: crm-sync-works, pipeline: prefect-demo/crm-sync/hourly, kind: success_rate, target_rate: 0.9, window: 30d}
  - {name: marts-work, pipeline: dagster-demo/shop/marts, kind: success_rate, target_rate: 0.9, window: 30d}
  - name: leads-are-scored
    pipeline: prefect-demo/score-leads/nightly
    kind: success_rate
    target_rate: 0.9
    window: 30d
    owner: sales
"""
#: One receiver: what fails in one system and is felt in the others is told as one.
ALERTS = """\
alerts:
  receivers:
    - {name: on-call, webhook: {url: "INBOX"}}
  route: {receiver: on-call, group_wait: 20s, group_interval: 1m}
"""


class _Stopped(BaseException):
    """Somebody wants the demo to end."""


class Demo:
    """All the demo starts, in the order it is stopped in."""

    def __init__(self, folder: Path, kinds: Iterable[str], console: Console) -> None:
        self.folder = folder
        self.console = console
        self.kinds = [kind for kind in KINDS if kind in set(kinds)]
        self.postgres = PostgresServer(folder / "postgres")
        self.orchestrators: list[LocalOrchestrator] = []
        self.podium: ChildProcess | None = None
        self.url = f"http://127.0.0.1:{_port()}"
        self.inbox = Inbox(free_port(PORTS["inbox"]), console)
        self._storyteller: Storyteller | None = None
        self._threads = ThreadPoolExecutor(len(KINDS) + 1)

    def start(self) -> None:
        """Install, start and tell the story's beginning. InstallError, ProcessFailedError, TimeoutError."""
        with Steps(self.console) as steps:
            installing = [lambda kind=kind: self._install(steps, kind) for kind in self.kinds]
            self._side_by_side([*installing, lambda: self._start_postgres(steps)])
            self.orchestrators = [self._orchestrator(kind) for kind in self.kinds]
            self._side_by_side([lambda one=one: self._start(steps, one) for one in self.orchestrators])
            self.inbox.start()
            with steps.step("Podium", "starting", f"serving {self.url}"):
                self._start_podium()
            names = {orchestrator.name for orchestrator in self.orchestrators}
            storyteller = self._storyteller = Storyteller(self.url)
            with steps.step("Podium", "reading pipelines", "sees every pipeline"):
                storyteller.wait_for_pipelines(names, PATIENCE)
            with steps.step("Sample runs", "starting through Podium", "started through Podium"):
                storyteller.begin(names)
            with steps.step("Sample runs", "waiting for the first to succeed", "succeeded everywhere"):
                storyteller.wait_for_runs(names, PATIENCE)

    def follow(self) -> None:
        """Until a part ends by itself. ProcessFailedError."""
        while self.podium is not None:
            self.podium.check()
            for orchestrator in self.orchestrators:
                orchestrator.check()
            if self._storyteller:
                self._storyteller.change_minds()
            time.sleep(0.5)

    def stop(self) -> None:
        """End everything, also what was just being started."""
        environments.interrupt()
        if self.podium is not None:
            self.podium.stop()
        self.inbox.stop()
        self._stop_orchestrators()
        self._threads.shutdown(cancel_futures=True)
        self._stop_orchestrators()  # what a thread has started meanwhile
        self.postgres.stop()

    def _stop_orchestrators(self) -> None:
        ending = [threading.Thread(target=one.stop) for one in self.orchestrators]
        for thread in ending:
            thread.start()
        for thread in ending:
            thread.join()

    def _side_by_side(self, work: list[Callable[[], None]]) -> None:
        """Do it all at once; the first fault ends the wait."""
        for future in as_completed([self._threads.submit(item) for item in work]):
            future.result()

    def _install(self, steps: Steps, kind: str) -> None:
        with steps.step(kind.capitalize(), "installing", "installed"):
            environments.install("airflow3" if kind == "airflow" else kind)

    def _start_postgres(self, steps: Steps) -> None:
        if set(self.kinds) <= {"dagster"}:
            return
        with steps.step("PostgreSQL", "starting (for Airflow and Prefect)", "running"):
            if self.postgres.start():
                for kind in ("airflow", "prefect"):  # what was kept beside databases that are no more
                    shutil.rmtree(self.folder / kind, ignore_errors=True)

    def _orchestrator(self, kind: str) -> LocalOrchestrator:
        folder, port = self.folder / kind, free_port(PORTS[kind])
        env = {"PODIUM_WEBHOOK_URL": f"{self.url}/api/v1/webhooks/{kind}-demo"}
        if kind == "airflow":
            env |= emitting_lineage(self.url, f"{kind}-demo")
            return LocalAirflow(folder, self.postgres.create_database("airflow"), port=port, env=env)
        if kind == "prefect":
            database = self.postgres.create_database("prefect")
            return LocalPrefect(folder, database, has_pages=True, port=port, env=env)
        return LocalDagster(folder, port=port)  # its sensors would tell later than the next poll, and keep a core busy

    def _start(self, steps: Steps, orchestrator: LocalOrchestrator) -> None:
        with steps.step(orchestrator.title, "starting", f"running at {orchestrator.url}"):
            orchestrator.start()

    def _start_podium(self) -> None:
        config = write(self.folder / "podium.yaml", podium_yaml(self.orchestrators, self.inbox.url))
        database = f"sqlite:///{self.folder / 'podium.sqlite'}"
        command = [sys.executable, "-m", "gateway.app.cli", "serve", "--port", self.url.rpartition(":")[2]]
        command += ["--config", str(config), "--database-url", database]
        env = {**secrets_of(self.orchestrators), "PODIUM_PUBLIC_URL": self.url}
        self.podium = ChildProcess("Podium", command, self.folder / "podium.log", env)
        self.podium.start()
        self.podium.wait_until(lambda: answers(f"{self.url}/healthz"), within=60)


def run_demo(only: Iterable[str] | None = None) -> int:
    """Run the demo until Ctrl-C or SIGTERM; returns the exit code. ``only`` names the kinds to start."""
    console = Console()
    folder = environments.home() / "demo"
    folder.mkdir(parents=True, exist_ok=True)
    try:
        with environments.lock(folder / "lock", is_patient=False):
            return _run(Demo(folder, only or KINDS, console))
    except BlockingIOError:
        console.print(f"[red]The demo is running already[/] in {folder}.", highlight=False)
        return 1


def _run(demo: Demo) -> int:
    console = demo.console
    _on_stop(_stop)
    began = time.monotonic()
    code = 0
    try:
        demo.start()
        console.print(_welcome(demo, time.monotonic() - began))
        demo.follow()
    except (_Stopped, KeyboardInterrupt):
        console.print("Stopping…")
    except (InstallError, ProcessFailedError, TimeoutError, RuntimeError, OSError) as error:
        console.print(f"[red]The demo could not go on.[/] {error}", highlight=False)
        code = 1
    finally:
        _on_stop(signal.SIG_IGN)
        demo.stop()
    return code


def podium_yaml(orchestrators: Sequence[LocalOrchestrator], inbox: str | None = None) -> str:
    """The demo's configuration; secrets stand in it by reference only. ``inbox``: where whoever is on call is told."""
    lines = ["# Written by the demo at each start.", "orchestrators:"]
    for one in orchestrators:
        lines += [f"  - name: {one.name}", f"    kind: {one.kind}", f"    url: {one.url}", "    poll: 2s"]
        if one.auth:
            lines.append(f"    auth: {{username: {one.auth['username']}, password: env:{_variable(one)}}}")
    across = ACROSS if {one.kind for one in orchestrators} == set(KINDS) else ""
    return "\n".join(lines) + "\n" + across + (ALERTS.replace("INBOX", inbox) if inbox else "")


def secrets_of(orchestrators: Iterable[LocalOrchestrator]) -> dict[str, str]:
    """The variables that the configuration refers to."""
    return {_variable(one): one.auth["password"] for one in orchestrators if one.auth}


def _variable(orchestrator: LocalOrchestrator) -> str:
    return f"DEMO_{orchestrator.kind.upper()}_PASSWORD"


def _port() -> int:
    """PODIUM_PORT, else 8080 or a free one where somebody listens there."""
    given = os.environ.get("PODIUM_PORT", "")
    return int(given) if given.isdigit() else free_port(PORTS["podium"])


def _on_stop(act: Callable[[int, FrameType | None], None] | signal.Handlers) -> None:
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, act)


def _stop(_number: int, _frame: FrameType | None) -> None:
    # Who is told twice, by a terminal and by its parent, still ends in order.
    _on_stop(signal.SIG_IGN)
    raise _Stopped


def _welcome(demo: Demo, seconds: float) -> Panel:
    links = "\n".join(f"{one.title:<12} {one.url}" + _login(one) for one in demo.orchestrators)
    text = (
        f"[bold]Podium       {demo.url}[/]\nGraphQL      {demo.url}/graphql\nOn call      {demo.inbox.url}\n{links}\n\n"
        f"Try, in another terminal:\n"
        f"  export PODIUM_URL={demo.url}\n"
        f"  uv run podium runs\n"
        f"  uv run podium incidents\n"
        f"{_more(demo)}"
        f"  uv run podium trigger {demo.orchestrators[0].name}/{_example(demo)} --wait\n\nCtrl-C ends everything."
    )
    return Panel(text, title=f"Ready after {seconds:.0f} s", expand=False)


def _login(orchestrator: LocalOrchestrator) -> str:
    return f"   ({orchestrator.auth['username']} / {orchestrator.auth['password']})" if orchestrator.auth else ""


def _example(demo: Demo) -> str:
    return {"airflow": "ingest_sales", "prefect": "crm-sync/hourly", "dagster": "shop/orders_export"}[demo.kinds[0]]


def _more(demo: Demo) -> str:
    return "  uv run podium firings\n" if set(demo.kinds) == set(KINDS) else ""
