"""What a process is called among others on one database, and whether one of that name still lives."""

import os
import socket
import uuid

from adapters.sdk.protocol import Clock
from gateway.store import leases
from gateway.store.database import Database


def replica_name() -> str:
    """Unique to this process, readable in the leases table."""
    return f"{socket.gethostname()}:{os.getpid()}:{uuid.uuid4().hex[:8]}"


async def release_leases_of_the_dead(database: Database, clock: Clock) -> None:
    """Let whoever was killed on this machine hold nothing up.

    On SQLite only, where all share a machine: elsewhere two that live may have the same host name and process id.
    """
    async with database.write() as session:
        if session.dialect != "sqlite":
            return
        for name, holder in (await leases.held(session, clock())).items():
            if _is_dead(holder):
                await leases.release(session, name, holder, clock())


def _is_dead(holder: str) -> bool:
    host, _, rest = holder.partition(":")
    pid = rest.partition(":")[0]
    if host != socket.gethostname() or not pid.isdigit():
        return False
    try:
        os.kill(int(pid), 0)
    except ProcessLookupError:
        return True
    except PermissionError:
        return False
    return int(pid) == os.getpid()  # it had the number before this process
