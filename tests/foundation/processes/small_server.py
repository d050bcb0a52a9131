"""A small server made of the foundation alone, run as a program by the tests of processes.

`python small_server.py FOLDER [--user NAME] [--port N] [--workers N] [--bare] [--worker KIND]`; with `--worker none` it
holds the folder and its services and starts no worker. It prints `ready PORT`.
"""

import argparse
import asyncio
import contextlib
import encodings.idna  # noqa: F401 - what is imported late cannot be, by a user to whom Python's own folder is closed
import os
import pwd
import signal
import sys
import time
from pathlib import Path
from typing import Any

from taskflow.foundation.embedded.data_folder import DataFolder, Unusable
from taskflow.foundation.embedded.postgres import EmbeddedPostgres
from taskflow.foundation.embedded.services import Service
from taskflow.foundation.embedded.valkey import EmbeddedValkey
from taskflow.foundation.serving.drain import drain
from taskflow.foundation.serving.listening import listen
from taskflow.foundation.serving.supervisor import supervise
from taskflow.foundation.serving.worker import Worker


def main() -> int:
    asked = arguments()
    if asked.user:
        become(asked.user)
    try:
        with DataFolder(asked.folder) as folder:
            return run(asked, folder)
    except Unusable as refusal:
        sys.stderr.write(f"{refusal}\n")
        return 1


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("--user")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--bare", action="store_true")
    parser.add_argument("--worker", default="none", choices=["none", *WORK])
    return parser.parse_args()


def become(user: str) -> None:
    account = pwd.getpwnam(user)
    os.setgroups([])
    os.setgid(account.pw_gid)
    os.setuid(account.pw_uid)


def run(asked: argparse.Namespace, folder: DataFolder) -> int:
    sockets = listen("localhost", asked.port)
    port = sockets[0].getsockname()[1]
    services: list[Service] = [] if asked.bare else [EmbeddedPostgres(folder.path), EmbeddedValkey(folder.path)]
    workers = 0 if asked.worker == "none" else asked.workers

    def ready() -> None:
        sys.stdout.write(f"ready {port}\n")
        sys.stdout.flush()

    if not workers:
        return supervise(sockets, 0, lambda _: None, services=services, prepare=ready)
    return supervise(sockets, workers, WORK[asked.worker], services=services, ready=ready)


def sleep(worker: Worker) -> None:
    worker.ready()
    signal.pause()


def sleep_deaf(worker: Worker) -> None:
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    worker.ready()
    while True:
        time.sleep(60)


def die(_worker: Worker) -> None:
    sys.exit(3)


def refuse(_worker: Worker) -> None:
    raise Unusable("the database is behind: run `taskflow migrate`.")


def serve(worker: Worker) -> None:
    from taskflow.foundation.serving.server import serve as run_server  # noqa: PLC0415 - by a worker alone

    run_server(application, worker.sockets, ready=worker.ready, hurried=worker.hurried)


def serve_briefly(worker: Worker) -> None:
    from taskflow.foundation.serving import server  # noqa: PLC0415 - by a worker alone

    server.FINISH_S = 0.5
    serve(worker)


def serve_restlessly(worker: Worker) -> None:
    """With 50 sweeps for each second of the product."""
    from taskflow.foundation.serving import protocol  # noqa: PLC0415 - by a worker alone

    protocol.SWEEP_S = 0.02
    serve(worker)


def serve_few(worker: Worker) -> None:
    from taskflow.foundation.serving import protocol  # noqa: PLC0415 - by a worker alone

    protocol.CONNECTIONS_MOST = 2
    serve(worker)


def serve_refusing(worker: Worker) -> None:
    from taskflow.foundation.serving.server import serve as run_server  # noqa: PLC0415 - by a worker alone

    run_server(refusing, worker.sockets, ready=worker.ready, hurried=worker.hurried)


WORK = {
    "sleep": sleep,
    "sleep-deaf": sleep_deaf,
    "die": die,
    "refuse": refuse,
    "serve": serve,
    "serve-briefly": serve_briefly,
    "serve-restlessly": serve_restlessly,
    "serve-few": serve_few,
    "serve-refusing": serve_refusing,
}


async def application(scope: dict[str, Any], receive: Any, send: Any) -> None:
    if scope["type"] == "lifespan":
        await live(receive, send)
    elif scope["type"] == "websocket":
        await talk(receive, send)
    else:
        await answer(scope["path"], receive, send)


async def live(receive: Any, send: Any) -> None:
    await receive()
    await send({"type": "lifespan.startup.complete"})
    await receive()
    sys.stderr.write("closed\n")
    await send({"type": "lifespan.shutdown.complete"})


async def refusing(scope: dict[str, Any], receive: Any, send: Any) -> None:
    """As a framework does it: the trace back in a message, then the failure itself."""
    assert scope["type"] == "lifespan"
    await receive()
    await send({"type": "lifespan.startup.failed", "message": "Traceback ..."})
    raise Unusable("the key file cannot be read.")


async def talk(receive: Any, send: Any) -> None:
    await receive()
    await send({"type": "websocket.accept"})

    def say_goodbye() -> None:
        goodbyes.append(asyncio.ensure_future(send({"type": "websocket.send", "text": "drain"})))

    goodbyes: list[asyncio.Future[None]] = []
    drain.tell(say_goodbye)
    while (await receive())["type"] != "websocket.disconnect":
        pass


async def answer(path: str, receive: Any, send: Any) -> None:
    body = b""
    while (message := await receive())["type"] == "http.request":
        body += message["body"]
        if not message["more_body"]:
            break
    if path == "/slow":
        await asyncio.sleep(4)
    if path == "/never":
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(asyncio.Event().wait(), 3600)
    if path == "/pid":
        body = str(os.getpid()).encode()
    if path == "/large":
        body = bytes(64 << 20)  # more than the buffers of two sockets take
    status = 503 if path == "/readyz" and drain.draining else 200
    await send({"type": "http.response.start", "status": status, "headers": [(b"content-length", b"%d" % len(body))]})
    await send({"type": "http.response.body", "body": body})


if __name__ == "__main__":
    sys.exit(main())
