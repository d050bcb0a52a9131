"""Waiting for what will come; a minute is for machines with other things to do."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

T = TypeVar("T")


async def soon(coming: Awaitable[T]) -> T:
    """What comes, or TimeoutError."""
    async with asyncio.timeout(60):
        return await coming


async def until(true: Callable[[], Awaitable[object]]) -> None:
    """Ask again and again."""
    async with asyncio.timeout(60):
        while not await true():  # noqa: ASYNC110 - what changes is in another process
            await asyncio.sleep(0.02)
