"""Many clients that send events while the gateway is killed again and again; what was acknowledged is written down."""

import json
import random
import signal
import threading
import time
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from gateway.app.demo.postgres import free_port
from tests.app.server import Server, serving
from tests.lineage.made import dataset, run_event

#: Runs that all clients work on together, so that events meet.
RUNS = 40


@dataclass
class Hammer:
    """Sends events for as long as it runs."""

    url: str
    clients: int
    acknowledged: list[str] = field(default_factory=list)
    sent: int = 0
    _stop: threading.Event = field(default_factory=threading.Event)

    @contextmanager
    def running(self) -> Generator[None]:
        threads = [threading.Thread(target=self._send, args=(number,)) for number in range(self.clients)]
        for thread in threads:
            thread.start()
        try:
            yield
        finally:
            self._stop.set()
            for thread in threads:
                thread.join()

    def _send(self, client: int) -> None:
        dice = random.Random(client)
        with httpx.Client(base_url=self.url, timeout=10) as http:
            number = 0
            while not self._stop.is_set():
                number += 1
                mark = f"{client}-{number}"
                self._deliver(http, json.dumps(event(dice, mark)), mark)

    def _deliver(self, http: httpx.Client, body: str, mark: str) -> None:
        """As a client that retries until it has an answer; sometimes it repeats what was acknowledged."""
        while not self._stop.is_set():
            self.sent += 1
            try:
                answer = http.post("/api/v1/lineage", content=body)
            except httpx.HTTPError:
                time.sleep(0.02)
                continue
            assert answer.status_code in {201, 503}, answer.text
            if answer.status_code == 201:
                self.acknowledged.append(mark)
                return
            time.sleep(0.05)


def event(dice: random.Random, mark: str, datasets: int = 20) -> dict[str, object]:
    kind = dice.choice(["START", "RUNNING", "COMPLETE", "FAIL", "OTHER"])
    one, other = (dataset(f"t{dice.randrange(datasets)}") for _ in range(2))
    return run_event(
        kind,
        dice.randrange(1000),
        job=f"j{dice.randrange(8)}",
        run=f"r{dice.randrange(RUNS)}",
        inputs=[one],
        outputs=[other],
        run_facets={"mark": {"is": mark}},
    )


def killed_again_and_again(folder: Path, database_url: str, kills: int, clients: int) -> Hammer:
    """Kills a gateway ``kills`` times while clients send; returns what they were told."""
    port = free_port()
    hammer = Hammer(f"http://127.0.0.1:{port}", clients)
    dice = random.Random(kills)
    with hammer.running():
        for number in range(kills + 1):
            with gateway(folder / str(number), database_url, port) as server:
                had = len(hammer.acknowledged)
                wanted = had + dice.randrange(1, 60)
                deadline = time.monotonic() + 60
                while len(hammer.acknowledged) < wanted and time.monotonic() < deadline:
                    time.sleep(0.005)
                assert len(hammer.acknowledged) > had, "nothing is acknowledged any more"
                if number < kills:
                    server.stop(signal.SIGKILL)
    return hammer


@contextmanager
def gateway(folder: Path, database_url: str, port: int) -> Generator[Server]:
    folder.mkdir(parents=True)
    with serving(folder, "--port", str(port), PODIUM_DATABASE_URL=database_url) as server:
        yield server
