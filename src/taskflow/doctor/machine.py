"""The machine: the data folder, the port, the public address, the web app."""

import errno
import os
import shutil
import socket
from http import HTTPStatus
from http.client import HTTPConnection, HTTPException
from importlib.resources import files
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from taskflow.doctor.finding import Finding
from taskflow.foundation.embedded.data_folder import reason
from taskflow.foundation.settings import Settings

SPARE = 1 << 30  # bytes: below it a busy day's write-ahead log may fill the disk
TIMEOUT_S = 5
ABSENT = (errno.EADDRNOTAVAIL, errno.EAFNOSUPPORT)  # a machine without IPv6
LOCAL = ("localhost", "127.0.0.1", "::1")


def data_folder(path: Path) -> Finding:
    about = "data folder"
    try:
        there = next(folder for folder in (path, *path.parents) if folder.exists())
        free = shutil.disk_usage(there).free
    except OSError as failure:
        return Finding(about, f"{path}: {reason(failure)}", "name another one in TASKFLOW_DATA_DIR")
    if not there.is_dir():
        return Finding(about, f"{there} is not a folder", "name another one in TASKFLOW_DATA_DIR")
    if not os.access(there, os.W_OK | os.X_OK):
        return Finding(about, f"{there} is closed to this user", "open it, or name another one in TASKFLOW_DATA_DIR")
    new = "" if there == path else " (made at the first start)"
    held = f", held by process {pid}" if (pid := holder(path)) else ""
    says = f"{path}{new}{held}, {free / (1 << 30):.1f} GiB free"
    return Finding(about, says, "make room on that disk" if free < SPARE else "")


def holder(path: Path) -> int | None:
    """The process that holds a data folder, as its lock says (trying the lock could keep a server from starting)."""
    try:
        pid = int((path / "lock").read_text())
        os.kill(pid, 0)
    except PermissionError:
        return pid  # it is there, and another user's
    except (OSError, ValueError):
        return None
    return pid


def port(settings: Settings) -> Finding:
    about = f"port {settings.port}"
    if not answers(settings.host, settings.port):
        return bound(settings.host, settings.port)
    if is_taskflow(settings.host, settings.port):
        return Finding(about, "a TaskFlow answers there")
    return Finding(about, "another program answers there", "stop it, or name another TASKFLOW_PORT")


def answers(host: str, port: int) -> bool:
    try:
        socket.create_connection((host, port), timeout=TIMEOUT_S).close()
    except OSError:
        return False
    return True


def is_taskflow(host: str, port: int) -> bool:
    connection = HTTPConnection(host, port, timeout=TIMEOUT_S)
    try:
        connection.request("GET", "/healthz")
        return connection.getresponse().status == HTTPStatus.OK
    except (HTTPException, OSError):
        return False
    finally:
        connection.close()


def bound(host: str, port: int) -> Finding:
    """Whether it can be listened on: tried, and given back at once. Of `localhost` one of its addresses is enough."""
    about, remedy = f"port {port}", "name another TASKFLOW_PORT or TASKFLOW_HOST"
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    except OSError as unknown:
        return Finding(about, f"{host} has no address: {unknown.strerror}", remedy)
    refusals = [refused for family, _, _, _, address in found if (refused := refusal(family, address))]
    if len(refusals) == len(found) or any(refused.errno not in ABSENT for refused in refusals):
        return Finding(about, f"{host} refuses it: {refusals[0].strerror}", remedy)
    return Finding(about, "free")


def refusal(family: int, address: tuple[Any, ...]) -> OSError | None:
    try:
        with socket.socket(family) as tried:
            tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            tried.bind(address)
    except OSError as refused:
        return refused
    return None


def public_address(settings: Settings) -> Finding:
    about = "public address"
    if settings.host not in LOCAL and urlsplit(settings.public_url).hostname in LOCAL:
        return Finding(about, f"{settings.public_url}, but it listens on {settings.host}", "set TASKFLOW_PUBLIC_URL")
    secure = "" if settings.secure_cookies else ", cookies not marked secure"
    return Finding(about, settings.public_url + secure)


def web_app() -> Finding:
    about = "web app"
    if (files("taskflow") / "static" / "index.html").is_file():
        return Finding(about, "built (serving it needs no Node)")
    return Finding(about, "not built", "run `make setup`")
