"""Guesses at a secret, counted exactly: so many in any window, by address and by account and network."""

import contextlib
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from itertools import count
from uuid import uuid4

from redis.asyncio import Redis

from taskflow.foundation.limits import KEYS, SWEEP_EVERY_US, Rate
from taskflow.foundation.redis import keys
from taskflow.foundation.redis.connection import RedisDown
from taskflow.foundation.redis.script import Script


@dataclass(frozen=True, slots=True)
class Claim:
    """A try that was counted, or why it was not; `local`: by this process alone."""

    allowed: bool
    left: int
    retry_after_s: int
    keys: tuple[str, ...]
    name: str
    local: bool = False


class Tries:
    """A sliding log in Redis: a try counts before it is made, so that parallel ones do not exceed it either."""

    def __init__(self, redis: Redis) -> None:
        """Open nothing yet: the first claim does."""
        self._script = Script.named(redis, "tries.lua")

    async def claim(self, address: str, account_key: str, network: str, rate: Rate) -> Claim:
        """Count a try in both logs or in none (account_key '': by address alone). Raises RedisDown."""
        keys, name = keys_of(address, account_key, network), uuid4().hex
        allowed, left, wait = await self._script.call(keys, [rate.count, rate.seconds * 1_000_000, name, ""])
        return Claim(bool(allowed), left, wait, keys, name)

    async def forgive(self, claim: Claim) -> None:
        """Take the try of a login that succeeded back; where Redis is down it stays counted."""
        with contextlib.suppress(RedisDown):
            for key in claim.keys:
                await self._script.command("ZREM", key, claim.name)

    async def close(self) -> None:
        """Close the connection."""
        await self._script.close()


class LocalTries:
    """The log of one process, while Redis is down, at a share of the rate."""

    def __init__(self, processes: int, now_us: Callable[[], int] = lambda: time.monotonic_ns() // 1000) -> None:
        """Share each rate among so many processes."""
        self._processes = processes
        self._now_us = now_us
        self._logs: dict[str, deque[tuple[int, str]]] = {}
        self._names = count()
        self._swept_at = 0

    def claim(self, address: str, account_key: str, network: str, rate: Rate) -> Claim:
        """Count a try in both logs or in none."""
        rate, now, keys = rate.shared(self._processes), self._now_us(), keys_of(address, account_key, network)
        until = now + rate.seconds * 1_000_000
        logs = [self._log(key, now) for key in keys]
        wait = max(log[-rate.count][0] - now if len(log) >= rate.count else 0 for log in logs)
        if not wait and not self._room(len(keys), now):
            wait = SWEEP_EVERY_US
        if wait:
            return Claim(allowed=False, left=0, retry_after_s=-(-wait // 1_000_000), keys=(), name="")
        claim = Claim(
            allowed=True,
            left=min(rate.count - len(log) for log in logs) - 1,
            retry_after_s=0,
            keys=keys,
            name=str(next(self._names)),
            local=True,
        )
        for key, log in zip(keys, logs, strict=True):
            log.append((until, claim.name))
            self._logs[key] = log
        return claim

    def _log(self, key: str, now: int) -> deque[tuple[int, str]]:
        """Those of its tries that count, each until when, in order."""
        log = self._logs.get(key, deque())
        while log and log[0][0] <= now:
            log.popleft()
        return log

    def _room(self, more: int, now: int) -> bool:
        if len(self._logs) + more > KEYS and now - self._swept_at >= SWEEP_EVERY_US:
            self._swept_at = now
            self._logs = {key: log for key, log in self._logs.items() if log and log[-1][0] > now}
        return len(self._logs) + more <= KEYS

    def forgive(self, claim: Claim) -> None:
        """Take a try back, where it was counted here."""
        for key in claim.keys:
            if log := self._logs.get(key):
                self._logs[key] = deque(entry for entry in log if entry[1] != claim.name)


def keys_of(address: str, account_key: str, network: str) -> tuple[str, ...]:
    """The logs that a try is counted in."""
    if not account_key:
        return (keys.tries_of_address(address),)
    return (keys.tries_of_address(address), keys.tries_at_account(account_key, network))
