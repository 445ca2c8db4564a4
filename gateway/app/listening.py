"""The address to listen on: taking it, and telling who can reach it."""

import ipaddress
import socket


class ListeningError(RuntimeError):
    """The address cannot be had; the message says why, ``remedy`` what to do."""

    def __init__(self, message: str, remedy: str) -> None:
        super().__init__(message)
        self.remedy = remedy


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach ``host``; a name counts by all the addresses it stands for."""
    try:
        found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except OSError:
        return False
    return all(ipaddress.ip_address(str(address[4][0]).partition("%")[0]).is_loopback for address in found)


def bind(host: str, port: int) -> socket.socket:
    """A socket bound to the address, not yet accepting; port 0 takes any free one. ListeningError."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    except OSError as error:
        raise ListeningError(f"{host} is no address ({error.strerror}).", "Choose another --host.") from None
    family, kind, protocol, _, address = found[0]
    bound = socket.socket(family, kind, protocol)
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        bound.bind(address)
    except OSError as error:
        bound.close()
        raise ListeningError(
            f"{host}:{port} cannot be listened on ({error.strerror}).",
            "Stop what listens there, or choose another --port or --host.",
        ) from None
    return bound


def web_address(listening: socket.socket) -> str:
    """The URL under which a bound socket is reached."""
    host, port = listening.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
