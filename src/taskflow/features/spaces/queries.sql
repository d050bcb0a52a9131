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

-- name: space
-- A space.
SELECT s.space_id AS id, s.kind, s.name, s.created_at, s.own_seq AS seq FROM spaces s WHERE s.space_id = $1;

-- name: space_at
-- The number of a space and, at that number, the space.
SELECT s.seq AS number, s.space_id AS id, s.kind, s.name, s.created_at, s.own_seq AS seq FROM spaces s WHERE s.space_id = $1;

-- name: my_space
-- A space as one of its members sees it; no row where they are not in it, or no longer.
SELECT s.space_id AS id, s.kind, s.name, s.created_at, s.own_seq AS seq, m.role
FROM spaces s
JOIN memberships m ON m.space_id = s.space_id AND m.account_id = $2 AND m.role <> 'former'
WHERE s.space_id = $1;

-- name: rename_space
-- What a space is called from now on.
UPDATE spaces AS s SET name = $2, own_seq = $3
WHERE s.space_id = $1
RETURNING s.space_id AS id, s.kind, s.name, s.created_at, s.own_seq AS seq;

-- name: insert_member
-- A person's membership in a space: the first one, or in the same row that of one who comes back.
INSERT INTO memberships AS m (space_id, account_id, role, name, avatar, seq, created_at, updated_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $7)
ON CONFLICT (space_id, account_id)
DO UPDATE SET role = excluded.role, name = excluded.name, avatar = excluded.avatar, seq = excluded.seq, updated_at = excluded.updated_at;

-- name: member
-- A member, or who was one.
SELECT m.account_id AS id, m.role, m.name, m.avatar, m.created_at, m.updated_at, m.seq
FROM memberships m
WHERE m.space_id = $1 AND m.account_id = $2;

-- name: list_members
-- The number of a space and, at that number, a page of its members, the former ones too, in the order in which they came.
SELECT s.seq AS number, m.account_id AS id, m.role, m.name, m.avatar, m.created_at, m.updated_at, m.seq
FROM spaces s
LEFT JOIN (
  SELECT * FROM memberships m
  WHERE m.space_id = $1 AND ($3::timestamptz IS NULL OR (m.created_at, m.account_id) > ($3, $4::uuid))
  ORDER BY m.created_at, m.account_id
  LIMIT $2
) m ON true
WHERE s.space_id = $1
ORDER BY m.created_at, m.account_id;

-- name: count_owners
-- How many members own a space.
SELECT count(*) FROM memberships m WHERE m.space_id = $1 AND m.role = 'owner';

-- name: write_role
-- The role of a member from now on.
UPDATE memberships AS m SET role = $3, seq = $4, updated_at = $5
WHERE m.space_id = $1 AND m.account_id = $2
RETURNING m.account_id AS id, m.role, m.name, m.avatar, m.created_at, m.updated_at, m.seq;

-- name: rewrite_member
-- A member's name and picture as the space shows them from now on.
UPDATE memberships AS m SET name = $3, avatar = $4, seq = $5, updated_at = $6
WHERE m.space_id = $1 AND m.account_id = $2
RETURNING m.account_id AS id, m.role, m.name, m.avatar, m.created_at, m.updated_at, m.seq;

-- name: insert_invitation
-- A new invitation, of whose secret only the hash is kept.
INSERT INTO invitations AS i (space_id, id, secret_hash, role, created_by, created_at, expires_at)
VALUES ($1, $2, $3, $4, $5, $6, $7)
RETURNING i.id, i.space_id, i.role, i.created_by, i.created_at, i.expires_at;

-- name: invitations
-- The invitations to a space that are open at this moment, the newest first.
SELECT i.id, i.space_id, i.role, i.created_by, i.created_at, i.expires_at
FROM invitations i
WHERE i.space_id = $1 AND i.used_at IS NULL AND i.expires_at > $2
ORDER BY i.created_at DESC, i.id;

-- name: sealed
-- What decides whether an invitation lets in; read after the lock.
SELECT i.secret_hash, i.role, i.created_by, i.expires_at, i.used_by
FROM invitations i
WHERE i.space_id = $1 AND i.id = $2;

-- name: use_invitation
-- Who came by an invitation, which lets in nobody else.
UPDATE invitations SET used_by = $3, used_at = $4
WHERE space_id = $1 AND id = $2;

-- name: delete_invitation
-- An invitation that nobody has used is revoked.
DELETE FROM invitations AS i
WHERE i.space_id = $1 AND i.id = $2 AND i.used_at IS NULL
RETURNING i.id;

-- name: forget_invitations
-- Invitations that have expired long ago.
DELETE FROM invitations WHERE space_id = $1 AND expires_at < $2;

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
