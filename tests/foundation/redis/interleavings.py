"""Every interleaving of writers, readers and a Redis that forgets; its steps are the product's own script and rules.

A writer commits, publishes, is answered, then reads twice; it may die between commit and publish. A reader reads twice.
A replica catches up at any moment, one commit at a time. Redis loses everything at any moment (`flushes`; an end or an
eviction is that too), or falls back to an older number (`failovers`). One atomic step at a time, all of them tried.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

import redis

from taskflow.foundation.redis.ask import Ask
from taskflow.foundation.redis.known import Raise, after_read, after_write, may_answer, usable
from tests.foundation.redis.turn_script import SOURCE, TurnScript

KEY = "known:{s}"
LEASE = f"{KEY}:lease"


class Redis(NamedTuple):
    """What stands in Redis for one space."""

    known: int | None
    lease: str | None


@dataclass(frozen=True)
class Rules:
    """The product's rules; a test replaces one of them to see the check fail."""

    source: str = SOURCE
    usable: Callable[[int | None, int], bool] = usable
    may_answer: Callable[[int, int], bool] = may_answer
    after_read: Callable[[str, int | None, int, str], Raise | None] = after_read
    publishes: bool = True
    asks_first: bool = True
    lease_names: Callable[[int], str] = str


class Steps:
    """The steps in Redis, each made once for each state of it by the real script on a real server."""

    def __init__(self, client: redis.Redis, source: str) -> None:
        self._client, self._script = client, TurnScript(client, source)
        self.look, self.tell = cache(self._look), cache(self._tell)

    def _look(self, before: Redis, name: str) -> tuple[Redis, int | None, str]:
        self._restore(before)
        reply = self._script.call([Ask(number_key=KEY)], lease=name)[0]
        return self._now(), reply.number, reply.lease

    def _tell(self, before: Redis, number: Raise) -> Redis:
        self._restore(before)
        self._script.call(raises=[number])
        return self._now()

    def _restore(self, before: Redis) -> None:
        self._client.delete(KEY, LEASE)
        for key, value in zip((KEY, LEASE), before, strict=True):
            if value is not None:
                self._client.set(key, value)

    def _now(self) -> Redis:
        known, lease = self._client.mget(KEY, LEASE)
        return Redis(None if known is None else int(known), None if lease is None else str(lease))

    def close(self) -> None:
        self._script.close()


class Client(NamedTuple):
    """Where a client stands: what it does next, and what it has seen."""

    next: str
    reads: int = 0
    known: int | None = None  # what Redis said; None where the primary was asked
    number: int = 0  # what its rows must not be older than; a writer's own number
    lease: str = ""
    got: int = 0
    least: int = 0  # the newest that it has written or seen


class World(NamedTuple):
    """All of it, at one moment."""

    redis: Redis
    clients: tuple[Client, ...]
    primary: int = 0
    replica: int = 0
    shelf: frozenset[int] = frozenset()
    leases: int = 0
    flushes: int = 1
    failovers: int = 0


class Broken(Exception):
    """A client was answered with what it must not see."""


@dataclass(frozen=True)
class Check:
    """Tries all interleavings from one beginning."""

    steps: Steps
    rules: Rules
    replicas: bool = False
    token: bool = False

    def all_from(self, world: World) -> int:
        """Count the states. Raises Broken."""
        seen, waiting = {world}, [world]
        while waiting:
            for after in self.after(waiting.pop()):
                if after not in seen:
                    seen.add(after)
                    waiting.append(after)
        return len(seen)

    def after(self, world: World) -> Iterator[World]:
        if self.replicas and world.replica < world.primary:
            yield world._replace(replica=world.replica + 1)
        if world.flushes and world.redis != (None, None):
            yield world._replace(redis=Redis(None, None), flushes=world.flushes - 1)
        if world.failovers and world.redis.known:
            older = world.redis._replace(known=world.redis.known - 1)
            yield world._replace(redis=older, failovers=world.failovers - 1)
        for place, client in enumerate(world.clients):
            for moved, now in getattr(self, client.next)(world, client):
                clients = (*world.clients[:place], now, *world.clients[place + 1 :])
                # Who is who makes no difference: in any one order, a third of the states are left.
                yield moved._replace(clients=tuple(sorted(clients, key=hash)))

    def write(self, world: World, _: Client) -> Iterator[tuple[World, Client]]:
        number = world.primary + 1
        yield world._replace(primary=number), Client("publish", number=number)

    def publish(self, world: World, client: Client) -> Iterator[tuple[World, Client]]:
        yield world, Client("done")
        redis = world.redis
        if self.rules.publishes:
            redis = self.steps.tell(redis, after_write(KEY, client.number))
        yield world._replace(redis=redis), Client("look", least=client.number)

    def look(self, world: World, client: Client) -> Iterator[tuple[World, Client]]:
        redis, known, lease = self.steps.look(world.redis, self.rules.lease_names(world.leases + 1))
        world = world._replace(redis=redis, leases=world.leases + bool(lease))
        if self.rules.usable(known, client.least if self.token else 0):
            yield world, client._replace(next="fetch", known=known, number=known or 0)
        else:
            yield world, client._replace(next="ask", lease=lease)

    def ask(self, world: World, client: Client) -> Iterator[tuple[World, Client]]:
        number = world.primary if self.rules.asks_first else -1
        yield world, client._replace(next="fetch", known=None, number=number)

    def fetch(self, world: World, client: Client) -> Iterator[tuple[World, Client]]:
        rows = {world.primary}
        if self.replicas and self.rules.may_answer(client.number, world.replica):
            rows.add(world.replica)
        if client.number in world.shelf:
            rows.add(client.number)
        for got in rows:
            yield world, client._replace(next="answer", number=0, got=got)

    def answer(self, world: World, client: Client) -> Iterator[tuple[World, Client]]:
        got = client.got
        if got < client.least:
            raise Broken(f"saw {got}, and {client.least} before")
        number = self.rules.after_read(KEY, client.known, got, client.lease)
        redis = self.steps.tell(world.redis, number) if number else world.redis
        now = Client("look", client.reads + 1, least=got) if client.reads == 0 else Client("done")
        yield world._replace(redis=redis, shelf=world.shelf | {got}), now

    def done(self, _: World, __: Client) -> Iterator[tuple[World, Client]]:
        yield from ()
