-- name: insert_session
-- A new session of an account, in its personal space.
INSERT INTO sessions (space_id, id, refresh_hash, rotated_at, name, address, created_at, last_used_at, idle_at, ends_at)
VALUES ($1, $2, $3, $4, $5, $6, $4, $4, $7, $8);

-- name: lock_session
-- A session, held until the end of the transaction: parallel refreshes of one token come one after the other.
SELECT s.id, s.refresh_hash, s.previous_hash, s.rotated_at, s.successor, s.idle_at, s.ends_at, s.revoked_at
FROM sessions s
WHERE s.space_id = $1 AND s.id = $2
FOR UPDATE;

-- name: rotate_session
-- The next refresh token of a session; the one before is kept for the grace.
UPDATE sessions SET previous_hash = refresh_hash, refresh_hash = $3, successor = $4, rotated_at = $5, last_used_at = $5, idle_at = $6, address = $7
WHERE space_id = $1 AND id = $2;

-- name: revoke_session
-- The end of a session; no row where it is not the account's or has ended before.
UPDATE sessions AS s SET revoked_at = $3
WHERE s.space_id = $1 AND s.id = $2 AND s.revoked_at IS NULL
RETURNING s.id;

-- name: session_lives
-- Whether the access tokens of a session are still good.
SELECT s.revoked_at IS NULL AND s.ends_at > $3
FROM sessions s
WHERE s.space_id = $1 AND s.id = $2;

-- name: devices
-- The sessions of an account that have not ended, the last used first.
SELECT s.id, s.name, s.created_at, s.last_used_at, s.address
FROM sessions s
WHERE s.space_id = $1 AND s.revoked_at IS NULL AND s.ends_at > $2 AND s.idle_at > $2
ORDER BY s.last_used_at DESC, s.id;
