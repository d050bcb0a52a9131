"""What can be done with sessions."""

from uuid import UUID

from msgspec import Struct

from taskflow.features.sessions.errors import SessionEnded, SessionNotFound
from taskflow.features.sessions.model import (
    GRACE,
    IDLE,
    LONGEST,
    RefreshToken,
    RevokeSession,
    Session,
    digest,
    is_ours,
    new_secret,
    veil,
)
from taskflow.features.sessions.queries import insert_session, lock_session, revoke_session, rotate_session
from taskflow.foundation.database import Transaction
from taskflow.foundation.ids import new_id
from taskflow.foundation.keys import Keyring
from taskflow.foundation.operation import Args, operation


class OpenSession(Args, frozen=True, kw_only=True):
    """A device that has just proved whose it is."""

    name: str
    address: str | None


class RefreshSession(Args, frozen=True, kw_only=True):
    """A refresh token that was shown, read into its parts."""

    token: RefreshToken
    address: str | None


class Opened(Struct, frozen=True):
    """A session and the refresh token that goes on from here."""

    session_id: UUID
    refresh_token: str


@operation("open_session", numbered=False)
async def open_session(transaction: Transaction, keyring: Keyring, args: OpenSession) -> Opened:
    """Sign a device in to the account whose space the transaction is in."""
    session_id, now = new_id(), transaction.now
    secret = new_secret(keyring.signing("sync"), session_id)
    await insert_session(
        transaction,
        transaction.space_id,
        session_id,
        digest(secret),
        now,
        args.name,
        args.address,
        now + IDLE,
        now + LONGEST,
    )
    return Opened(session_id, str(RefreshToken(transaction.space_id, session_id, secret)))


@operation("refresh_session", numbered=False)
async def refresh_session(transaction: Transaction, keyring: Keyring, args: RefreshSession) -> Opened | None:
    """Rotate the refresh token (RFC 9700, 4.14.2); None where the session has ended, by this reuse or before.

    None is returned and not raised, since the end that a reuse brings must be committed.
    """
    token = args.token
    session = await lock_session(transaction, token.account_id, token.session_id)
    if session is None or not session.alive(transaction.now):
        return None
    shown = digest(token.secret)
    if shown == session.refresh_hash:
        return await rotate(transaction, keyring, session, args)
    if shown == session.previous_hash and session.successor and transaction.now - session.rotated_at <= GRACE:
        return Opened(
            session.id, str(RefreshToken(token.account_id, session.id, veil(token.secret, session.successor)))
        )
    if is_ours(keyring, token):
        await revoke_session(transaction, token.account_id, session.id, transaction.now)
    return None


async def rotate(transaction: Transaction, keyring: Keyring, session: Session, args: RefreshSession) -> Opened:
    """Put a new secret in the place of the one that was shown."""
    secret, now = new_secret(keyring.signing("sync"), session.id), transaction.now
    successor = veil(args.token.secret, secret)
    await rotate_session(
        transaction, transaction.space_id, session.id, digest(secret), successor, now, now + IDLE, args.address
    )
    return Opened(session.id, str(RefreshToken(transaction.space_id, session.id, secret)))


@operation("log_out", numbered=False)
async def log_out(transaction: Transaction, args: RefreshSession) -> UUID:
    """End the session of a refresh token, current or just rotated; raises SessionEnded where it is none."""
    session = await lock_session(transaction, args.token.account_id, args.token.session_id)
    if session is None or digest(args.token.secret) not in {session.refresh_hash, session.previous_hash}:
        raise SessionEnded
    await revoke_session(transaction, args.token.account_id, session.id, transaction.now)
    return session.id


@operation("revoke_session", numbered=False)
async def end_session(transaction: Transaction, args: RevokeSession) -> None:
    """End one of the account's sessions; raises SessionNotFound."""
    if await revoke_session(transaction, transaction.space_id, args.id, transaction.now) is None:
        raise SessionNotFound
