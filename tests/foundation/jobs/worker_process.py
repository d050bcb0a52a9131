"""A worker in a process of its own, to be killed: `worker_process.py URL`, told to stop by SIGTERM."""

import asyncio
import os
import random
import signal
import sys
from datetime import timedelta

import asyncpg

from taskflow.foundation.jobs import Attempt, Worker, job

SETTINGS = {"role": "taskflow_app"}


@job("count")
async def count(attempt: Attempt[asyncpg.Pool], _: bytes) -> None:
    async with attempt.context.acquire() as connection, connection.transaction():
        await connection.execute("INSERT INTO effects VALUES ($1)", attempt.id)
        await asyncio.sleep(random.uniform(0, 0.005))
        await attempt.finish(connection)
        await asyncio.sleep(random.uniform(0, 0.005))


@job("kill", attempts=2)
async def kill(_: Attempt[asyncpg.Pool], __: bytes) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


async def main(url: str) -> None:
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    async with asyncpg.create_pool(url, min_size=1, max_size=8, server_settings=SETTINGS) as pool:
        worker = Worker(
            lambda: asyncpg.connect(url, server_settings=SETTINGS),
            pool,
            at_once=8,
            poll=timedelta(milliseconds=50),
            lease=timedelta(seconds=1),
        )
        await worker.run(stop)


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
