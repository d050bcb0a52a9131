"""Responding: what every answer under /api carries, beside what it says."""

from typing import Any

from taskflow.api.answer import NOSNIFF, Answer, send_answer
from taskflow.api.problem import problem
from taskflow.api.visit import Visit
from taskflow.foundation.refusal import Refusal
from taskflow.foundation.telemetry import meters

PRIVATE = (b"cache-control", b"private, no-cache")


async def respond(scope: Any, send: Any, answer: Answer) -> None:
    """Send an answer with the space's number, the rate limit and the cache rules."""
    visit: Visit = scope["state"]["visit"]
    headers = [*answer.headers, NOSNIFF, *visit.headers]
    match = visit.match
    number = answer.number if answer.number is not None else visit.number
    if match is not None and match.route.spaced:
        own: dict[Any, int] = {visit.space_id: number} if number is not None else {}
        if numbers := {**own, **answer.others}:
            headers.append((b"taskflow-seq", ", ".join(f"{space}={at}" for space, at in numbers.items()).encode()))
    if not any(name == b"cache-control" for name, _ in answer.headers):
        headers.append(PRIVATE)
    await send_answer(send, Answer(answer.status, answer.body, headers))


async def refuse(scope: Any, send: Any, refusal: Refusal) -> None:
    """Send a refusal as a problem document, and count it."""
    meters.refusals.child(code=refusal.code).add(1)
    await respond(scope, send, problem(refusal, scope["state"].get("request_id", "")))
