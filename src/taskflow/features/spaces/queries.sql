-- name: take
-- The space's lock and, with it, its next numbers: the last of them comes back. The first statement of every write.
UPDATE spaces AS s SET seq = s.seq + $2
WHERE s.space_id = $1
RETURNING s.seq;

-- name: number
-- The number of a space.
SELECT s.seq FROM spaces s WHERE s.space_id = $1;

-- name: role
-- The role of a member, read after the lock.
SELECT m.role FROM memberships m WHERE m.space_id = $1 AND m.account_id = $2;

-- name: entry
-- The role that an account has in a team's space, as its personal space knows it.
SELECT e.role FROM entries e WHERE e.space_id = $1 AND e.team_id = $2;

-- name: entries
-- The number of an account's personal space and, at that number, the teams' spaces that it is in (null: none).
SELECT s.seq AS number, e.team_id, e.role
FROM spaces s
LEFT JOIN entries e ON e.space_id = s.space_id AND e.role <> 'former'
WHERE s.space_id = $1
ORDER BY e.team_id;

-- name: write_entry
-- The role that an account has in a team's space from now on, as its personal space knows it.
INSERT INTO entries AS e (space_id, team_id, role, seq)
VALUES ($1, $2, $3, $4)
ON CONFLICT (space_id, team_id) DO UPDATE SET role = excluded.role, seq = excluded.seq;

-- name: insert_space
-- A new space.
INSERT INTO spaces AS s (space_id, kind, name, seq, own_seq, created_by, created_at)
VALUES ($1, $2, $3, $4, $5, $6, $7)
RETURNING s.space_id AS id, s.kind, s.name, s.created_at, s.own_seq AS seq;

-- name: insert_member
-- A person's first membership in a space.
INSERT INTO memberships (space_id, account_id, role, name, avatar, seq, created_at, updated_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $7);

-- name: rename_member
-- A member's name as the space shows it from now on.
UPDATE memberships SET name = $3, seq = $4, updated_at = $5
WHERE space_id = $1 AND account_id = $2;

-- name: epoch
-- The installation's epoch: the high part of every new number.
SELECT i.epoch FROM installation i;

-- name: kept_answer
-- What was answered before to this key, while it is kept.
SELECT a.fingerprint, a.status, a.body FROM answers a
WHERE a.space_id = $1 AND a.account_id = $2 AND a.key = $3 AND a.expires_at > $4;

-- name: keep_answer
-- What was answered to this key; an expired one gives way.
INSERT INTO answers AS a (space_id, account_id, key, fingerprint, status, body, expires_at)
VALUES ($1, $2, $3, $4, $5, $6, $7)
ON CONFLICT (space_id, account_id, key)
DO UPDATE SET fingerprint = excluded.fingerprint, status = excluded.status, body = excluded.body, expires_at = excluded.expires_at;
