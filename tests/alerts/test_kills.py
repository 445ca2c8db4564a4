"""Podium killed as by kill -9 while somebody is told: each change is told, by one key, and it is one incident."""

import threading
from collections.abc import Iterator

import pytest

from adapters.sdk.protocol import utc_now
from gateway.alerts.monitor import NAME
from gateway.store import leases
from gateway.store.database import Database
from tests.alerts.podiums import Podiums, Told, podiums
from tests.app.server import Server
from tests.waiting import eventually

pytestmark = pytest.mark.slow

#: What happens when Podium dies, and how often it has been told in the end: at most once more than once.
BEFORE, HELD, ANSWERED = "before-it-is-written-down", "while-it-is-held", "before-it-is-noted"
TIMES = {BEFORE: 1, HELD: 2, ANSWERED: 2}
#: In this order: what one has left behind is sent by the next.
PLACES = {ANSWERED: "tell.answered", BEFORE: "notice.before"}


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def scene(request, tmp_path) -> Iterator[Podiums]:
    is_sqlite = request.param == "sqlite"
    url = f"sqlite:///{tmp_path}/podium.sqlite" if is_sqlite else request.getfixturevalue("postgres_url")
    with podiums(tmp_path, url, iter(TIMES)) as scene:
        yield scene


class Holding:
    """Does not answer what is told of one pipeline until Podium has been killed."""

    def __init__(self, pipeline: str, event: str) -> None:
        self._wanted = (pipeline, event)
        self.holds = threading.Event()
        self.released = threading.Event()

    def __call__(self, told: Told) -> None:
        if (told.pipeline, told.event) == self._wanted and not self.released.is_set():
            self.holds.set()
            self.released.wait(60)

    async def until_held(self) -> None:
        async def is_held() -> bool:
            return self.holds.is_set()

        await eventually(is_held, within=60)


async def kill_while_held(scene: Podiums, server: Server, event: str, **parameters: bool) -> None:
    holding = scene.receiver.before_answer = Holding(HELD, event)
    scene.play(HELD, **parameters)
    await holding.until_held()
    scene.kill(server)
    holding.released.set()


async def test_each_change_is_told_by_one_key(scene):
    for pipeline, place in PLACES.items():
        server = scene.start(place)
        scene.play(pipeline, fail=True)
        await scene.died(server)
    await kill_while_held(scene, scene.start(), "opened", fail=True)
    server = scene.start()
    await scene.receiver.hears("opened", *TIMES)
    incidents = await scene.all_sent(server, count=3)
    assert [one["state"] for one in incidents] == ["OPEN"] * 3
    for pipeline in PLACES:
        scene.play(pipeline)
    await kill_while_held(scene, server, "resolved")
    server = scene.start()
    await scene.receiver.hears("resolved", *TIMES)
    incidents = await scene.all_sent(server, count=6)
    assert [(one["state"], one["reopened"]) for one in incidents] == [("RESOLVED", 0)] * 3
    assert {pipeline: scene.receiver.story(pipeline)[0] for pipeline in TIMES} == {
        pipeline: ("opened", times) for pipeline, times in TIMES.items()
    }
    assert scene.receiver.story(HELD) == [("opened", 2), ("resolved", 2)]
    assert [event for pipeline in PLACES for event, _ in scene.receiver.story(pipeline)] == ["opened", "resolved"] * 2
    assert len({one.body for one in scene.receiver.told}) == 6, "what is told again is the same"


@pytest.mark.postgres
async def test_another_replica_goes_on_where_the_leader_dies(tmp_path, postgres_url):
    """With the lease that users have: what is due is told once that has run out, and nothing twice."""
    calm = (
        "from datetime import timedelta\nfrom gateway.alerts import lifecycle\nlifecycle.CALM = timedelta(seconds=2)\n"
    )
    with podiums(tmp_path, postgres_url, iter(["before", "after"]), calm) as scene:
        servers = [scene.start() for _ in range(2)]
        scene.play("before", fail=True)
        await scene.receiver.hears("opened", "before")
        await scene.all_sent(servers[0], count=1)
        leader = await leading(postgres_url)
        (killed,) = [one for one in servers if one.process.pid == leader]
        scene.kill(killed)
        scene.play("after", fail=True)
        scene.play("before")
        await scene.receiver.hears("opened", "after")
        scene.play("after")
        await scene.receiver.hears("resolved", "before", "after")
        (other,) = scene.running
        incidents = await scene.all_sent(other, count=4)
        assert await leading(postgres_url) == other.process.pid
        assert [(one["state"], one["reopened"]) for one in incidents] == [("RESOLVED", 0)] * 2
        for pipeline in ("before", "after"):
            assert scene.receiver.story(pipeline) == [("opened", 1), ("resolved", 1)]


async def leading(database_url: str) -> int:
    """The process that looks after incidents."""
    database = Database(database_url)
    async with database.read() as session:
        holder = (await leases.held(session, utc_now()))[NAME]
    await database.aclose()
    return int(holder.split(":")[1])
