-- name: changes
-- A page of what changed in a space after a number: of each kind the rows in the order of their numbers, merged, tombstones included.
SELECT c.kind, c.seq, c.id, c.deleted, c.moved_to, c.form
FROM (
  (SELECT 'tasks' AS kind, t.seq, t.id, t.deleted_seq IS NOT NULL AS deleted, t.moved_to, to_jsonb(t) AS form
   FROM tasks t WHERE t.space_id = $1 AND t.seq > $2 ORDER BY t.seq LIMIT $3)
  UNION ALL
  (SELECT 'members', m.seq, m.account_id, false, NULL, to_jsonb(m) AS form
   FROM memberships m WHERE m.space_id = $1 AND m.seq > $2 ORDER BY m.seq LIMIT $3)
  UNION ALL
  (SELECT 'space', s.own_seq, s.space_id, false, NULL, to_jsonb(s) AS form
   FROM spaces s WHERE s.space_id = $1 AND s.own_seq > $2)
) c
ORDER BY c.seq
LIMIT $3;
