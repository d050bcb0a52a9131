"""Guesses at a secret: each is counted before it is looked at."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from taskflow.api.gate import RateLimited
from taskflow.api.request import Request
from taskflow.api.visit import visit_of
from taskflow.features.accounts.errors import EmailTaken, WrongCredentials
from taskflow.features.accounts.model import email_key
from taskflow.foundation.backend import Backend
from taskflow.foundation.client_address import network_of
from taskflow.foundation.redis.connection import RedisDown
from taskflow.foundation.redis.tries import Claim
from taskflow.foundation.refusal import Refusal

Answers = tuple[type[Refusal], ...]
ANSWERS: Answers = (WrongCredentials, EmailTaken)  # what tells a guesser something


@asynccontextmanager
async def guess(backend: Backend, request: Request, account: str, answers: Answers = ANSWERS) -> AsyncIterator[Claim]:
    """A try at a secret, counted before it is made; raises RateLimited. What failed without an answer is taken back.

    `account`: the address of the one whose secret it is, or the id of the one who tries.
    """
    claim = await try_secret(backend, request, account)
    try:
        yield claim
    except Exception as failure:
        if not isinstance(failure, answers):
            await forgive(backend, claim)
        raise


async def try_secret(backend: Backend, request: Request, account: str) -> Claim:
    """Count a try by address and by account and network, before it is made; raises RateLimited."""
    visit = visit_of(request.scope)
    asked = (visit.address, email_key(account), network_of(visit.address), backend.settings.rate_limit_auth)
    try:
        # Who has waited for a Redis that hangs does not wait for it again.
        claim = backend.local_tries.claim(*asked) if visit.alone else await backend.tries.claim(*asked)
    except RedisDown:
        claim = backend.local_tries.claim(*asked)
    if not claim.allowed:
        raise RateLimited(retry_after=claim.retry_after_s)
    return claim


async def forgive(backend: Backend, claim: Claim) -> None:
    """Take back the try of one who knew the secret, or was told nothing of it."""
    if claim.local:
        backend.local_tries.forgive(claim)
    else:
        await backend.tries.forgive(claim)
