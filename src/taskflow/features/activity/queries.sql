-- name: insert_activity
-- What was changed in one thing, under the number that the change took.
INSERT INTO activity (space_id, seq, first_seq, at, account_id, operation, kind, entity_id, task_id, changes)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10);

-- name: changes_of
-- All that was changed in a thing since it was made, the oldest first.
SELECT a.changes FROM activity a
WHERE a.space_id = $1 AND a.entity_id = $2
ORDER BY a.seq;

-- name: space_history
-- The space's number and, at that number, a page of what was changed in it, the newest first; nothing of what is deleted but that it was deleted.
SELECT s.seq AS number, h.seq, h.first_seq, h.at, h.account_id, h.operation, h.kind, h.id, h.task_id, h.changes
FROM spaces s
LEFT JOIN (
  SELECT a.seq, a.first_seq, a.at, a.account_id, a.operation, a.kind, a.entity_id AS id, a.task_id, a.changes
  FROM activity a
  WHERE a.space_id = $1 AND ($3::bigint IS NULL OR a.seq < $3)
    AND NOT EXISTS (SELECT 1 FROM tasks t WHERE t.space_id = $1 AND t.id = a.entity_id AND a.kind = 'task' AND coalesce(t.deleted_seq, a.seq) <> a.seq)
    AND NOT EXISTS (SELECT 1 FROM projects p WHERE p.space_id = $1 AND p.id = a.entity_id AND a.kind = 'project' AND coalesce(p.deleted_seq, a.seq) <> a.seq)
    AND NOT EXISTS (SELECT 1 FROM sections n WHERE n.space_id = $1 AND n.id = a.entity_id AND a.kind = 'section' AND coalesce(n.deleted_seq, a.seq) <> a.seq)
    AND NOT EXISTS (SELECT 1 FROM labels l WHERE l.space_id = $1 AND l.id = a.entity_id AND a.kind = 'label' AND coalesce(l.deleted_seq, a.seq) <> a.seq)
    AND NOT EXISTS (SELECT 1 FROM comments c WHERE c.space_id = $1 AND c.id = a.entity_id AND a.kind = 'comment' AND coalesce(c.deleted_seq, a.seq) <> a.seq)
  ORDER BY a.seq DESC
  LIMIT $2
) h ON true
WHERE s.space_id = $1
ORDER BY h.seq DESC;

-- name: task_history
-- The space's number and, at that number, a page of what happened to a task and its comments, the newest first; nothing of a deleted comment but that it was deleted.
SELECT s.seq AS number, h.seq, h.first_seq, h.at, h.account_id, h.operation, h.kind, h.id, h.task_id, h.changes
FROM spaces s
LEFT JOIN (
  SELECT * FROM (
    (SELECT a.seq, a.first_seq, a.at, a.account_id, a.operation, a.kind, a.entity_id AS id, a.task_id, a.changes
     FROM activity a
     LEFT JOIN comments c ON c.space_id = $1 AND c.id = a.entity_id AND a.kind = 'comment'
     WHERE a.space_id = $1 AND a.task_id = $3 AND ($4::bigint IS NULL OR a.seq < $4)
       AND (c.deleted_seq IS NULL OR c.deleted_seq = a.seq)
     ORDER BY a.seq DESC
     LIMIT $2)
    UNION ALL
    (SELECT c.created_seq, c.created_seq, c.created_at, c.author_id, 'create_comment', 'comment', c.id, c.task_id, '{}'::jsonb
     FROM comments c
     WHERE c.space_id = $1 AND c.task_id = $3 AND c.deleted_seq IS NULL AND ($4::bigint IS NULL OR c.created_seq < $4)
     ORDER BY c.created_seq DESC
     LIMIT $2)
    UNION ALL
    SELECT t.created_seq, t.created_seq, t.created_at, t.created_by, 'create_task', 'task', t.id, t.id, '{}'::jsonb
    FROM tasks t
    WHERE t.space_id = $1 AND t.id = $3 AND ($4::bigint IS NULL OR t.created_seq < $4)
  ) h
  ORDER BY h.seq DESC
  LIMIT $2
) h ON EXISTS (SELECT 1 FROM tasks k WHERE k.space_id = $1 AND k.id = $3 AND k.deleted_seq IS NULL)
WHERE s.space_id = $1
ORDER BY h.seq DESC;

-- name: thing_history
-- The space's number and, at that number, a page of what happened to a project, a section or a label, the newest first.
WITH thing AS (
  SELECT 'project' AS kind, p.id, p.created_seq, p.created_at, p.created_by
  FROM projects p WHERE p.space_id = $1 AND p.id = $3 AND p.deleted_seq IS NULL
  UNION ALL
  SELECT 'section', n.id, n.created_seq, n.created_at, n.created_by
  FROM sections n WHERE n.space_id = $1 AND n.id = $3 AND n.deleted_seq IS NULL
  UNION ALL
  SELECT 'label', l.id, l.created_seq, l.created_at, l.created_by
  FROM labels l WHERE l.space_id = $1 AND l.id = $3 AND l.deleted_seq IS NULL
)
SELECT s.seq AS number, h.seq, h.first_seq, h.at, h.account_id, h.operation, h.kind, h.id, h.task_id, h.changes
FROM spaces s
LEFT JOIN (
  SELECT * FROM (
    (SELECT a.seq, a.first_seq, a.at, a.account_id, a.operation, a.kind, a.entity_id AS id, a.task_id, a.changes
     FROM activity a
     WHERE a.space_id = $1 AND a.entity_id = $3 AND a.kind = $4 AND ($5::bigint IS NULL OR a.seq < $5)
     ORDER BY a.seq DESC
     LIMIT $2)
    UNION ALL
    SELECT k.created_seq, k.created_seq, k.created_at, k.created_by, 'create_' || k.kind, k.kind, k.id, NULL, '{}'::jsonb
    FROM thing k
    WHERE k.kind = $4 AND ($5::bigint IS NULL OR k.created_seq < $5)
  ) h
  ORDER BY h.seq DESC
  LIMIT $2
) h ON EXISTS (SELECT 1 FROM thing k WHERE k.kind = $4)
WHERE s.space_id = $1
ORDER BY h.seq DESC;
