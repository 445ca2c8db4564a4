"""First contact: is this Prefect, which version, and what works less well than it could."""

import re

from adapters.prefect.addresses import Addresses
from adapters.prefect.client import PrefectClient
from adapters.sdk.errors import Drift, NotFound, Rejected, Unauthorized
from adapters.sdk.manifest import Manifest
from adapters.sdk.protocol import Connection
from gateway.domain.observation import Probe
from gateway.domain.states import Capability

_VERSION = re.compile(r"(\d+)\.(\d+)\.")
OLDEST = (3, 2)
#: The id of no run: the cheapest question of all.
_NOBODY = "00000000-0000-4000-8000-000000000000"


async def greet(
    client: PrefectClient, addresses: Addresses, connection: Connection, manifest: Manifest, page_size: int
) -> Probe:
    """Version and capabilities. Unauthorized, Unavailable, Drift where something else answers, Rejected.

    Rejected: the server sends smaller pages than are asked for.
    """
    if addresses.is_cloud:
        version = await _greet_cloud(client)
    else:
        version = await _greet_server(client, connection)
    await _check_page_size(client, page_size)
    capabilities = manifest.capabilities
    warnings = list(_too_old(version))
    if not await _has_events(client, connection):
        capabilities -= {Capability.ASSETS}
        warnings.append("Prefect does not answer for events, so assets and some late changes of runs are not seen.")
    return Probe(version, capabilities, tuple(warnings))


async def _greet_server(client: PrefectClient, connection: Connection) -> str:
    try:
        version = await client.version()
    except (NotFound, Rejected) as error:
        raise Drift(error.message, remedy=_is_it_prefect(connection)) from error
    if not isinstance(version, str) or not _VERSION.match(version):
        told = connection.redactor(repr(version))[:80]
        message = f"{connection.name}: {connection.url} gives {told} as its version."
        raise Drift(connection.redactor(message), remedy=_is_it_prefect(connection))
    return version


async def _greet_cloud(client: PrefectClient) -> str:
    """Cloud has no version of its own; any read tells whether key and workspace are right."""
    try:
        await client.deployments({}, limit=1)
    except (NotFound, Rejected) as error:
        raise Drift(error.message, remedy="Check account and workspace in the url.") from error
    return "cloud"


async def _check_page_size(client: PrefectClient, page_size: int) -> None:
    try:
        await client.logs({"flow_run_id": {"any_": [_NOBODY]}}, limit=page_size)
    except Rejected as error:
        raise Rejected(error.message, remedy="Set options.page_size to what the server allows.") from error


async def _has_events(client: PrefectClient, connection: Connection) -> bool:
    since = connection.clock().isoformat()
    try:
        await client.events({"occurred": {"since": since}}, limit=1)
    except (NotFound, Rejected, Unauthorized):
        return False
    return True


def _too_old(version: str) -> list[str]:
    found = _VERSION.match(version)
    if found and (int(found[1]), int(found[2])) < OLDEST:
        return [f"Prefect {version} is older than Podium is made for; upgrade it to 3.2 or later."]
    return []


def _is_it_prefect(connection: Connection) -> str:
    return connection.redactor(f"Is {connection.url} really Prefect 3?")
