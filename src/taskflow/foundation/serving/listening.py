"""The sockets that the server listens on, opened before anything else is started."""

import contextlib
import errno
import socket
import time

from taskflow.foundation.embedded.data_folder import Unusable

BACKLOG = 2048
# The workers of a server that was killed let go of its port in this time.
PATIENCE_S = 2.0
LOOPBACK = ("127.0.0.1", "::1")
NO_SUCH_FAMILY = (errno.EADDRNOTAVAIL, errno.EAFNOSUPPORT, errno.EPROTONOSUPPORT)


def listen(host: str, port: int) -> list[socket.socket]:
    """Listen on a host's addresses (`localhost`: 127.0.0.1 and, where there is IPv6, ::1). Raises Unusable."""
    sockets: list[socket.socket] = []
    try:
        for family, address in _addresses(host):
            if opened := _open(family, address, sockets[0].getsockname()[1] if sockets else port, host):
                sockets.append(opened)
    except BaseException:
        for opened in sockets:
            opened.close()
        raise
    return sockets


def _addresses(host: str) -> list[tuple[socket.AddressFamily, str]]:
    if host == "localhost":
        return [(socket.AF_INET, LOOPBACK[0]), *([(socket.AF_INET6, LOOPBACK[1])] if socket.has_ipv6 else [])]
    try:
        found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    except (OSError, UnicodeError) as failure:
        raise Unusable(f"cannot listen on {host}: no such address.") from failure
    return list(dict.fromkeys((family, str(address[0])) for family, _, _, _, address in found))


def _open(family: socket.AddressFamily, address: str, port: int, host: str) -> socket.socket | None:
    """None where `localhost` has no IPv6."""
    until = time.monotonic() + PATIENCE_S
    while True:
        try:
            return _bind(family, address, port)
        except OSError as failure:
            if host == "localhost" and family == socket.AF_INET6 and failure.errno in NO_SUCH_FAMILY:
                return None
            if failure.errno != errno.EADDRINUSE or time.monotonic() > until:
                raise Unusable(f"cannot listen on {address} port {port}: {_reason(failure)}.") from failure
        time.sleep(0.05)


def _bind(family: socket.AddressFamily, address: str, port: int) -> socket.socket:
    with contextlib.ExitStack() as undo:
        opened = undo.enter_context(socket.socket(family, socket.SOCK_STREAM))
        opened.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if family == socket.AF_INET6:
            # `::` is every address of both families, as everywhere; any other is just that one.
            opened.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, int(address != "::"))
        opened.bind((address, port))
        opened.listen(BACKLOG)
        opened.settimeout(0)
        undo.pop_all()
        return opened


def _reason(failure: OSError) -> str:
    if failure.errno == errno.EADDRINUSE:
        return "the port is in use; TASKFLOW_PORT names another"
    if failure.errno == errno.EACCES:
        return "only root may use this port; TASKFLOW_PORT names another"
    if failure.errno == errno.EADDRNOTAVAIL:
        return "this machine has no such address"
    return failure.strerror or str(failure)
