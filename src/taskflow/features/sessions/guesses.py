"""Guesses at a secret: each is counted before it is looked at."""

from taskflow.api.gate import RateLimited
from taskflow.api.request import Request
from taskflow.api.visit import visit_of
from taskflow.features.accounts.model import email_key
from taskflow.foundation.backend import Backend
from taskflow.foundation.client_address import network_of
from taskflow.foundation.redis.connection import RedisDown
from taskflow.foundation.redis.tries import Claim


async def try_secret(backend: Backend, request: Request, email: str) -> Claim:
    """Count a try by address and by account and network, before it is made; raises RateLimited."""
    address, key = visit_of(request.scope).address, email_key(email)
    rate = backend.settings.rate_limit_auth
    try:
        claim = await backend.tries.claim(address, key, network_of(address), rate)
    except RedisDown:
        claim = backend.local_tries.claim(address, key, network_of(address), rate)
    if not claim.allowed:
        raise RateLimited(retry_after=claim.retry_after_s)
    return claim


async def forgive(backend: Backend, claim: Claim) -> None:
    """Take back the try of one who knew the secret."""
    backend.local_tries.forgive(claim)
    await backend.tries.forgive(claim)
