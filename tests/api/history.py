"""A history of several clients at two processes, and the judge that finds what must not be in it."""

import asyncio
import random
from dataclasses import dataclass, field
from uuid import UUID

from httpx import Response

from taskflow.foundation.backend import Backend
from tests.api.two import Process
from tests.client import Client
from tests.foundation.redis.store import Store

TASKS = "/api/v1/tasks"
UNANSWERED = 500  # a process that died, or could not answer: its client knows nothing


@dataclass(frozen=True)
class Read:
    """What a client saw: at which number, which title; `least`: the newest write that was answered before it began."""

    client: int
    number: int
    title: str
    least: int


@dataclass
class History:
    """What was read by whom, and the newest write that was answered to anybody."""

    seed: int
    processes: list[Process]
    ada: Client
    task_id: str = ""
    answered: int = 0
    reads: list[Read] = field(default_factory=list)
    written: int = 0

    def __post_init__(self) -> None:
        self.chance = random.Random(self.seed)

    def somewhere(self) -> Client:
        """The same caller, at the process that the balancer happened to choose."""
        return self.chance.choice(self.processes).client(self.ada)

    async def client(self, name: int, steps: int) -> None:
        """Read the list, read the task, write to it."""
        held: dict[str, str] = {}  # titles by the ETag of the list that showed them
        for _ in range(steps):
            step = self.chance.choice((self.list, self.list, self.look, self.write))
            await step(name, held)
            for _ in range(self.chance.randrange(3)):
                await asyncio.sleep(0)

    async def list(self, name: int, held: dict[str, str]) -> None:
        """Read the list, unchanged or anew."""
        least, tags = self.answered, list(held)[-1:] if self.chance.random() < 0.5 else []
        answer = await self.somewhere().get(TASKS, headers={"if-none-match": tags[0]} if tags else {})
        if answer.status_code < UNANSWERED:
            tag = answer.headers["etag"]
            title = held[tag] if answer.status_code == 304 else answer.json()["items"][0]["title"]
            held[tag] = title
            self.reads.append(Read(name, told(answer), title, least))

    async def look(self, name: int, _held: dict[str, str]) -> None:
        """Read the task alone."""
        least = self.answered
        answer = await self.somewhere().get(f"{TASKS}/{self.task_id}")
        if answer.status_code < UNANSWERED:
            self.reads.append(Read(name, told(answer), answer.json()["title"], least))

    async def write(self, name: int, _held: dict[str, str]) -> None:
        """Change the title to one that was never there."""
        self.written += 1
        answer = await self.somewhere().patch(f"{TASKS}/{self.task_id}", {"title": f"title {self.written}"})
        if answer.status_code < UNANSWERED:
            self.answered = max(self.answered, answer.json()["seq"])
            self.reads.append(Read(name, answer.json()["seq"], answer.json()["title"], 0))

    async def harm(self, flushes: int, deaths: int, redis: Store | None) -> None:
        """Flush Redis, kill it and let writers die, now and then."""
        harms = ["flush"] * flushes + ["death"] * deaths + ["restart"] * (2 if redis else 0)
        self.chance.shuffle(harms)
        for harm in harms:
            await asyncio.sleep(self.chance.random() / 50)
            if harm == "restart" and redis:
                redis.kill()
                await asyncio.sleep(self.chance.random())
                redis.start()
            elif harm == "flush":
                await self.processes[0].backend.redis.flushall()
            else:
                self.chance.choice(self.processes).turn.dying = True


def told(answer: Response) -> int:
    """The number of an answer."""
    return int(answer.headers["taskflow-seq"].partition("=")[2])


async def recorded(seed: int, processes: list[Process], ada: Client, redis: Store | None = None) -> History:
    """Let four clients go at once, and answer what they saw; a Redis that is named is killed in between."""
    history = History(seed, processes, ada)
    history.task_id = (await ada.task("title 0"))["id"]
    for process in processes:
        process.turn.dying, process.turn.slow = False, history.chance
    harm = history.harm(0 if redis else history.chance.randrange(20), history.chance.randrange(6), redis)
    await asyncio.gather(harm, *(history.client(name, 25) for name in range(4)))
    for process in processes:
        process.turn.dying, process.turn.slow = False, None
    return history


async def titles(backend: Backend, account_id: UUID) -> dict[int, str]:
    """What was written, by number, whether its writer was answered or not."""
    async with backend.database.transaction(account_id) as transaction:
        rows = await transaction.connection.fetch(
            "SELECT seq, changes #>> '{title,1}' AS title FROM activity WHERE space_id = $1 ORDER BY seq", account_id
        )
    return {row["seq"]: row["title"] for row in rows}


def judge(history: History, written: dict[int, str]) -> None:
    """Each answer shows the state of its number; nobody goes back; what anybody was answered, all see from then on."""
    newest: dict[int, int] = {}
    for read in history.reads:
        state = max((number for number in written if number <= read.number), default=0)
        where = f"seed {history.seed}: {read}"
        assert read.title == written.get(state, "title 0"), f"{where} shows another state"
        assert read.number >= newest.get(read.client, 0), f"{where} goes back behind {newest[read.client]}"
        assert read.number >= read.least, f"{where} was stale"
        newest[read.client] = read.number
