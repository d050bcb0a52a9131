"""How much is let through: rates as they are written, the headers that tell of them, and a limit without Redis."""

import re
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import NamedTuple, Self

WRITTEN = re.compile(r"([0-9]{1,9})/([0-9]{1,6})([smhd])")
UNITS = {"s": 1, "m": 60, "h": 3_600, "d": 86_400}
# About 15 MB in each process; more than this many clients at once while Redis is down are refused.
KEYS = 100_000
SWEEP_EVERY_US = 1_000_000


@dataclass(frozen=True, slots=True)
class Rate:
    """`count` at once, and as many again in each `seconds`: to GCRA one each `every_us`, rounded up."""

    count: int
    seconds: int
    every_us: int = field(init=False, repr=False, compare=False)
    burst_us: int = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Work out what GCRA counts with. Raises ValueError below one, or above one a microsecond."""
        if not 0 < self.count <= self.seconds * 1_000_000:
            raise ValueError(f"a rate of {self.count} in {self.seconds} s lets nothing through, or everything")
        object.__setattr__(self, "every_us", -(-self.seconds * 1_000_000 // self.count))
        object.__setattr__(self, "burst_us", self.count * self.every_us)

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read `N/Ns`, `N/Nm`, `N/Nh` or `N/Nd`. Raises ValueError."""
        written = WRITTEN.fullmatch(text)
        if not written:
            raise ValueError(f"a rate is written N/Ns, N/Nm, N/Nh or N/Nd, such as 100/15m, and not {text!r}")
        return cls(int(written[1]), int(written[2]) * UNITS[written[3]])

    def shared(self, processes: int) -> "Rate":
        """What one of so many processes may let through, that together it is no more than this."""
        if self.count >= processes:
            return Rate(self.count // processes, self.seconds)
        return Rate(1, -(-self.seconds * processes // self.count))


def rate_limit_headers(name: str, rate: Rate, left: int, reset_s: int) -> list[tuple[bytes, bytes]]:
    """RateLimit-Policy and RateLimit (draft-ietf-httpapi-ratelimit-headers-11); `reset_s`: until one more is left."""
    return [
        (b"ratelimit-policy", f'"{name}";q={rate.count};w={rate.seconds}'.encode("ascii")),
        (b"ratelimit", f'"{name}";r={left};t={reset_s}'.encode("ascii")),
    ]


class Verdict(NamedTuple):
    """What a limit says, in the words of a Reply."""

    limited: bool
    left: int
    reset_s: int
    retry_after_s: int


class LocalLimit:
    """The limit of one process, while Redis is down: GCRA as in turn.lua, at a share of the rate."""

    def __init__(self, processes: int, now_us: Callable[[], int] = lambda: time.monotonic_ns() // 1000) -> None:
        """Share each rate among so many processes."""
        self._processes = processes
        self._now_us = now_us
        self._full_at: dict[str, int] = {}
        self._swept_at = 0

    def take(self, key: str, rate: Rate, cost: int = 1) -> Verdict:
        """Count a request, or refuse it."""
        rate, now = rate.shared(self._processes), self._now_us()
        full_at, price = max(self._full_at.get(key, now), now), cost * rate.every_us
        wait = full_at + price - rate.burst_us - now
        if wait <= 0 and self._room(key, now):
            self._full_at[key] = full_at = full_at + price
            return _verdict(rate, full_at - now, 0)
        return _verdict(rate, full_at - now, max(wait, 1))

    def _room(self, key: str, now: int) -> bool:
        if key not in self._full_at and len(self._full_at) >= KEYS and now - self._swept_at >= SWEEP_EVERY_US:
            self._swept_at = now
            self._full_at = {key: full_at for key, full_at in self._full_at.items() if full_at > now}
        return key in self._full_at or len(self._full_at) < KEYS


def _verdict(rate: Rate, used_us: int, wait_us: int) -> Verdict:
    left = (rate.burst_us - used_us) // rate.every_us
    reset_us = (left + 1) * rate.every_us - (rate.burst_us - used_us) if used_us else 0
    return Verdict(wait_us > 0, left, -(-reset_us // 1_000_000), -(-wait_us // 1_000_000))
