"""Sync over HTTP: commands, then what every space of the caller has that the device lacks."""

import asyncio
from collections.abc import Mapping
from time import monotonic
from typing import Annotated, Any
from uuid import UUID

from msgspec import Meta, Struct

from taskflow.api.answer import Answer, json_answer
from taskflow.api.gate import RateLimited, all_seen
from taskflow.api.request import Request
from taskflow.api.route import Route
from taskflow.api.shelf import WAIT_S, NotThereYet
from taskflow.api.visit import Visit, visit_of
from taskflow.features.spaces.errors import SpaceBusy
from taskflow.features.spaces.model import Space
from taskflow.features.sync.catching_up import Spaces, catch_up
from taskflow.features.sync.commands import run
from taskflow.features.sync.protocol import COMMANDS_A_TOKEN, Gone, Result, SpacePage, Sync, Tombstone
from taskflow.foundation.backend import Backend

AGAIN_S = 0.05
EITHER = [{"$ref": f"#/components/schemas/{form.__name__}"} for form in (SpacePage, Gone)]


class Synced(Struct, frozen=True):
    """What became of each command, in their order, and what changed in every space."""

    results: list[Result]
    spaces: Annotated[dict[UUID, Any], Meta(extra_json_schema={"additionalProperties": {"anyOf": EITHER}})]


async def sync(backend: Backend, request: Request) -> Answer:
    """Do what was done on a device, and tell it what it lacks."""
    asked = await request.body(Sync, nul=True)  # a command with U+0000 is refused by itself
    visit = visit_of(request.scope)
    if more := -(-len(asked.commands) // COMMANDS_A_TOKEN) - 1 if asked.commands else 0:
        visit.headers = await request.state["spend"](visit.caller, more)
    results = await run(backend, visit.account_id, asked.commands, request.state.get("request_id", ""))
    seen = all_seen(request.headers.get("taskflow-seq", ""))
    spaces = await seen_by(backend, visit, asked, seen)
    answer = json_answer(200, Synced(results, spaces))
    answer.others = {space_id: page.seq for space_id, page in spaces.items() if isinstance(page, SpacePage)}
    return answer


async def seen_by(backend: Backend, visit: Visit, asked: Sync, seen: Mapping[str, int]) -> Spaces:
    """What is lacked, at no lower number than the client has seen; raises NotThereYet after 1 s."""
    until = monotonic() + WAIT_S
    while True:
        spaces = await catch_up(backend, visit.account_id, asked.cursors, seen, visit.lease)
        late = [
            space_id
            for space_id, page in spaces.items()
            if isinstance(page, SpacePage) and page.seq < seen.get(str(space_id), 0)
        ]
        if not late:
            return spaces
        if monotonic() > until:
            raise NotThereYet
        await asyncio.sleep(AGAIN_S)


routes = [
    Route(
        "POST",
        "/api/v1/sync",
        sync,
        "What was done on a device, and what it lacks of every space.",
        Synced,
        body=Sync,
        forms=(SpacePage, Gone, Tombstone, Space),
        refusals=(RateLimited, SpaceBusy, NotThereYet),
        spaced=True,
        reads=True,
    )
]
