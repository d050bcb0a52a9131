-- name: changes
-- A page of what changed in a space after a number: of each kind the rows in the order of their numbers, merged, tombstones included.
SELECT c.kind, c.seq, c.id, c.deleted, c.moved_to, c.form
FROM (
  (SELECT 'tasks' AS kind, t.seq, t.id, t.deleted_seq IS NOT NULL AS deleted, t.moved_to, to_jsonb(t) AS form
   FROM tasks t WHERE t.space_id = $1 AND t.seq > $2 ORDER BY t.seq LIMIT $3)
  UNION ALL
  (SELECT 'projects', p.seq, p.id, p.deleted_seq IS NOT NULL, p.moved_to, to_jsonb(p) AS form
   FROM projects p WHERE p.space_id = $1 AND p.seq > $2 ORDER BY p.seq LIMIT $3)
  UNION ALL
  (SELECT 'sections', n.seq, n.id, n.deleted_seq IS NOT NULL, n.moved_to, to_jsonb(n) AS form
   FROM sections n WHERE n.space_id = $1 AND n.seq > $2 ORDER BY n.seq LIMIT $3)
  UNION ALL
  (SELECT 'labels', l.seq, l.id, l.deleted_seq IS NOT NULL, l.moved_to, to_jsonb(l) AS form
   FROM labels l WHERE l.space_id = $1 AND l.seq > $2 ORDER BY l.seq LIMIT $3)
  UNION ALL
  (SELECT 'comments', c.seq, c.id, c.deleted_seq IS NOT NULL, c.moved_to, to_jsonb(c) AS form
   FROM comments c WHERE c.space_id = $1 AND c.seq > $2 ORDER BY c.seq LIMIT $3)
  UNION ALL
  (SELECT 'members', m.seq, m.account_id, false, NULL, to_jsonb(m) AS form
   FROM memberships m WHERE m.space_id = $1 AND m.seq > $2 ORDER BY m.seq LIMIT $3)
  UNION ALL
  (SELECT 'space', s.own_seq, s.space_id, false, NULL, to_jsonb(s) AS form
   FROM spaces s WHERE s.space_id = $1 AND s.own_seq > $2)
) c
ORDER BY c.seq
LIMIT $3;

-- name: standing
-- The number of a space, the last one of the epoch before, and the role in it of an account (null: it never was there).
SELECT s.seq, s.epoch_floor AS floor, m.role
FROM spaces s
LEFT JOIN memberships m ON m.space_id = s.space_id AND m.account_id = $2
WHERE s.space_id = $1;

-- name: kept_results
-- What was answered to commands before, while it is kept.
SELECT a.fingerprint, a.body FROM answers a
WHERE a.space_id = $1 AND a.account_id = $2 AND a.key = ANY($3::text[]) AND a.expires_at > $4;

-- name: keep_results
-- What was answered to commands; expired ones give way.
INSERT INTO answers AS a (space_id, account_id, key, fingerprint, status, body, expires_at)
SELECT s.space_id, $2, u.key, u.fingerprint, u.status, u.body, $7
FROM spaces s, unnest($3::text[], $4::bytea[], $5::smallint[], $6::bytea[]) AS u (key, fingerprint, status, body)
WHERE s.space_id = $1
ON CONFLICT (space_id, account_id, key)
DO UPDATE SET fingerprint = excluded.fingerprint, status = excluded.status, body = excluded.body, expires_at = excluded.expires_at;

-- name: written_since
-- What was changed in a thing after a number, the newest first.
SELECT a.seq, a.account_id AS by, a.changes FROM activity a
WHERE a.space_id = $1 AND a.entity_id = $2 AND a.kind = $3 AND a.seq > $4
ORDER BY a.seq DESC
LIMIT $5;

-- name: tombstone
-- Whether a thing is gone, and to which space it went, null where it was deleted; no row where it never was.
SELECT g.gone, g.moved_to
FROM (
  SELECT 'task' AS kind, t.deleted_seq IS NOT NULL AS gone, t.moved_to FROM tasks t WHERE t.space_id = $1 AND t.id = $2
  UNION ALL
  SELECT 'project', p.deleted_seq IS NOT NULL, p.moved_to FROM projects p WHERE p.space_id = $1 AND p.id = $2
  UNION ALL
  SELECT 'section', n.deleted_seq IS NOT NULL, n.moved_to FROM sections n WHERE n.space_id = $1 AND n.id = $2
  UNION ALL
  SELECT 'label', l.deleted_seq IS NOT NULL, l.moved_to FROM labels l WHERE l.space_id = $1 AND l.id = $2
  UNION ALL
  SELECT 'comment', c.deleted_seq IS NOT NULL, c.moved_to FROM comments c WHERE c.space_id = $1 AND c.id = $2
) g
WHERE g.kind = $3;
