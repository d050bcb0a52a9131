"""What an ask of Redis costs: CPU of the client and of Valkey, asks of one loop turn together against one call each.

Run as `python -m bench.turn [asks]`; prints a table, microseconds of CPU an ask.
"""

import asyncio
import os
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

import uvloop
from redis.asyncio import Redis

from taskflow.foundation.embedded.valkey import EmbeddedValkey
from taskflow.foundation.redis.ask import Ask, Reply, arguments, replies
from taskflow.foundation.redis.connection import RedisDown, describe, open_redis
from taskflow.foundation.redis.script import Script
from taskflow.foundation.redis.turn import Turn

TOGETHER = (1, 4, 16, 64)
USERS = 200
ASKS = [
    Ask(f"limit:{{{user}}}", 3_600, 3_600_000, 1, f"session:{{{user}}}:s", f"known:{{{user}}}") for user in range(USERS)
]
Round = Callable[[list[Ask]], Awaitable[None]]


async def by_callback(turn: Turn, asks: list[Ask]) -> None:
    """Ask as the door does: no task for each."""
    done = asyncio.get_running_loop().create_future()
    left = len(asks)

    def then(_: Reply | RedisDown) -> None:
        nonlocal left
        left -= 1
        if not left:
            done.set_result(None)

    for ask in asks:
        turn.submit(ask, then)
    await done


async def by_task(turn: Turn, asks: list[Ask]) -> None:
    """Ask as a route does: each in a task of its own."""
    await asyncio.gather(*(turn.ask(ask) for ask in asks))


async def by_single_call(script: Script, asks: list[Ask]) -> None:
    """One script call each, on the same connections."""

    async def one(ask: Ask) -> None:
        replies(await script.call(*arguments([ask], [], "lease")), "lease")

    await asyncio.gather(*(one(ask) for ask in asks))


async def by_redis_py(redis: Redis, digest: str, asks: list[Ask]) -> None:
    """One EVALSHA each through redis-py's pool, as its documentation has it."""

    async def one(ask: Ask) -> None:
        keys, args = arguments([ask], [], "lease")
        replies(await redis.evalsha(digest, len(keys), *keys, *args), "lease")

    await asyncio.gather(*(one(ask) for ask in asks))


async def cost(redis: Redis, total: int, together: int, ask_round: Round) -> tuple[float, float]:
    """Microseconds of CPU an ask: this process and Valkey."""
    rounds = max(1, total // together)
    await ask_round(ASKS[:together])
    server, client = await server_cpu(redis), time.process_time()
    for n in range(rounds):
        start = n * together % (USERS - together)
        await ask_round(ASKS[start : start + together])
    client = time.process_time() - client
    server = await server_cpu(redis) - server
    return client / rounds / together * 1e6, server / rounds / together * 1e6


async def server_cpu(redis: Redis) -> float:
    """Seconds of CPU that Valkey has used."""
    used = await redis.info("cpu")
    return float(used["used_cpu_user"]) + float(used["used_cpu_sys"])


async def measure(url: str, total: int) -> None:
    """Print the table."""
    redis = await open_redis(url)
    print(await describe(redis), f"{total} asks a figure, uvloop; microseconds of CPU an ask: client + server = both")
    for user in range(USERS):
        await redis.set(f"session:{{{user}}}:s", "1")
        await redis.set(f"known:{{{user}}}", "1099511627777")
    turn, script = Turn(redis), Script.named(redis, "turn.lua")
    digest = await redis.script_load(script._source)  # noqa: SLF001
    ways: dict[str, Round] = {
        "turn, callbacks": lambda asks: by_callback(turn, asks),
        "turn, tasks": lambda asks: by_task(turn, asks),
        "a call each": lambda asks: by_single_call(script, asks),
        "redis-py evalsha each": lambda asks: by_redis_py(redis, digest, asks),
    }
    print(f"{'asks gathered':22}" + "".join(f"{n:>22}" for n in TOGETHER))
    for name, way in ways.items():
        figures = [await cost(redis, total, together, way) for together in TOGETHER]
        print(f"{name:22}" + "".join(f"{f'{c:.1f} + {s:.1f} = {c + s:.1f}':>22}" for c, s in figures))
    await turn.close()
    await script.close()
    await redis.aclose()


def main() -> None:
    """Measure against a Valkey of its own."""
    total = int(sys.argv[1]) if len(sys.argv) > 1 else 20_000
    if hasattr(os, "sched_setaffinity"):
        # Both on one CPU: on two, what the kernel does to wake an idle one is more than all of the rest.
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    with tempfile.TemporaryDirectory(prefix="tf") as folder:
        server = EmbeddedValkey(Path(folder))
        server.start()
        try:
            uvloop.run(measure(server.url, total))
        finally:
            server.stop()


if __name__ == "__main__":
    main()
