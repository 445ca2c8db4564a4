"""What a request says of where it comes from, and whether it may use an installation that asks for no token.

Such an installation listens on loopback only, which keeps other machines out, but not the browser on this one: a page
of any site can send requests to 127.0.0.1, and by DNS rebinding even read the answers. So the name it was called by
must be a loopback name, a page must have come from there too, and no proxy may stand in front.
"""

import ipaddress
from dataclasses import dataclass
from urllib.parse import urlsplit

from starlette.requests import HTTPConnection

_FORWARDED = ("forwarded", "x-forwarded-for", "x-forwarded-host", "x-real-ip")
_PORTS = {"http": 80, "https": 443, "ws": 80, "wss": 443}


@dataclass(frozen=True, slots=True)
class Caller:
    """The part of a request that access depends on."""

    token: str | None
    host: str
    origin: str | None
    address: str | None
    #: A header that only a proxy adds.
    forwarded: str | None


def caller_of(connection: HTTPConnection, token: str | None = None) -> Caller:
    """Read a request; ``token`` is one that came otherwise than in its headers."""
    headers = connection.headers
    return Caller(
        token=token or bearer(headers.get("authorization")),
        host=headers.get("host", ""),
        origin=headers.get("origin"),
        address=connection.client.host if connection.client else None,
        forwarded=next((name for name in _FORWARDED if name in headers), None),
    )


def bearer(header: str | None) -> str | None:
    """The token in an Authorization header."""
    scheme, _, token = (header or "").partition(" ")
    return token.strip() or None if scheme.lower() == "bearer" else None


def why_not_local(caller: Caller) -> str | None:
    """Why a request may not be served without a token; None where it may."""
    if caller.forwarded is not None:
        return f"the request came through a proxy ({caller.forwarded})"
    if caller.address is not None and not _is_loopback(caller.address):
        return f"the request came from {caller.address}"
    if not _is_loopback(_split(caller.host)[0]):
        return f"the request was sent to {caller.host[:80]!r}, not to a loopback name such as localhost or 127.0.0.1"
    if caller.origin is not None and not is_same_origin(caller.origin, caller.host):
        return f"the request came from a page of {caller.origin[:80]}"
    return None


def is_same_origin(origin: str, host: str) -> bool:
    """Whether a page of ``origin`` was served by ``host``, by name and port."""
    scheme, _, rest = origin.partition("://")
    default = _PORTS.get(scheme.lower())
    if default is None or "/" in rest:
        return False
    name, port = _split(rest)
    own_name, own_port = _split(host)
    return bool(name) and (name, port or default) == (own_name, own_port or default)


def _split(host: str) -> tuple[str, int | None]:
    try:
        parts = urlsplit(f"//{host.strip()}")
        port = parts.port
    except ValueError:
        return "", None
    is_plain = not (parts.username or parts.path or parts.query)
    return (parts.hostname or "", port) if is_plain else ("", None)


def _is_loopback(name: str) -> bool:
    if name == "localhost" or name.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return False
