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
