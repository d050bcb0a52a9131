-- name: tasks_below
-- The sub-tasks of a task, level by level: an array each, for a join is quadratic where the planner knows nothing of a new space yet.
WITH RECURSIVE level AS (
  SELECT ARRAY[$2::uuid] AS ids
  UNION ALL
  SELECT b.ids
  FROM level l
  CROSS JOIN LATERAL (
    SELECT array_agg(t.id) AS ids FROM tasks t
    WHERE t.space_id = $1 AND t.parent_id = ANY(l.ids) AND t.deleted_seq IS NULL
  ) b
  WHERE b.ids IS NOT NULL
)
SELECT b.id FROM level l CROSS JOIN LATERAL unnest(l.ids) b (id) WHERE b.id <> $2;

-- name: tasks_of_project
-- The tasks of a project; their sub-tasks are in it too.
SELECT t.id FROM tasks t
WHERE t.space_id = $1 AND t.project_id = $2 AND t.deleted_seq IS NULL;

-- name: tasks_of_section
-- The tasks of a section of a project; their sub-tasks are in it too.
SELECT t.id FROM tasks t
WHERE t.space_id = $1 AND t.project_id = $2 AND t.section_id = $3 AND t.deleted_seq IS NULL;

-- name: comments_on
-- The comments on some tasks.
SELECT c.id FROM comments c
WHERE c.space_id = $1 AND c.task_id = ANY($2::uuid[]) AND c.deleted_seq IS NULL;

-- name: sections_of_project
-- The sections of a project.
SELECT n.id FROM sections n
WHERE n.space_id = $1 AND n.project_id = $2 AND n.deleted_seq IS NULL;

-- name: tasks_with_label
-- The tasks that carry a label.
SELECT t.id FROM tasks t
WHERE t.space_id = $1 AND $2::uuid = ANY(t.label_ids) AND t.deleted_seq IS NULL
ORDER BY t.id;

-- name: take_label_off
-- A label off tasks, each with a number of its own from $3 on: its place among the sorted ids, which bisection finds without a join.
UPDATE tasks AS t SET label_ids = array_remove(t.label_ids, $4), seq = $3::bigint - 1 + width_bucket(t.id, (SELECT array_agg(k.id ORDER BY k.id) FROM unnest($2::uuid[]) k (id))), updated_at = $5
WHERE t.space_id = $1 AND t.id = ANY($2::uuid[]);

-- name: bury_tasks
-- Tasks become tombstones, each with a number of its own from $3 on (its place among the sorted ids), and with that of the deletion.
UPDATE tasks AS t SET seq = $3::bigint - 1 + width_bucket(t.id, (SELECT array_agg(k.id ORDER BY k.id) FROM unnest($2::uuid[]) k (id))), deleted_seq = $4, updated_at = $5
WHERE t.space_id = $1 AND t.id = ANY($2::uuid[]);

-- name: bury_comments
-- Comments become tombstones, each with a number of its own from $3 on (its place among the sorted ids), and with that of the deletion.
UPDATE comments AS c SET seq = $3::bigint - 1 + width_bucket(c.id, (SELECT array_agg(k.id ORDER BY k.id) FROM unnest($2::uuid[]) k (id))), deleted_seq = $4, updated_at = $5
WHERE c.space_id = $1 AND c.id = ANY($2::uuid[]);

-- name: bury_sections
-- Sections become tombstones, each with a number of its own from $3 on (its place among the sorted ids), and with that of the deletion.
UPDATE sections AS n SET seq = $3::bigint - 1 + width_bucket(n.id, (SELECT array_agg(k.id ORDER BY k.id) FROM unnest($2::uuid[]) k (id))), deleted_seq = $4, updated_at = $5
WHERE n.space_id = $1 AND n.id = ANY($2::uuid[]);

-- name: bury_projects
-- Projects become tombstones, each with a number of its own from $3 on (its place among the sorted ids), and with that of the deletion.
UPDATE projects AS p SET seq = $3::bigint - 1 + width_bucket(p.id, (SELECT array_agg(k.id ORDER BY k.id) FROM unnest($2::uuid[]) k (id))), deleted_seq = $4, updated_at = $5
WHERE p.space_id = $1 AND p.id = ANY($2::uuid[]);

-- name: bury_labels
-- Labels become tombstones, each with a number of its own from $3 on (its place among the sorted ids), and with that of the deletion.
UPDATE labels AS l SET seq = $3::bigint - 1 + width_bucket(l.id, (SELECT array_agg(k.id ORDER BY k.id) FROM unnest($2::uuid[]) k (id))), deleted_seq = $4, updated_at = $5
WHERE l.space_id = $1 AND l.id = ANY($2::uuid[]);

-- name: list_trash
-- The space's number and, at that number, a page of what was deleted since $4 and is deleted still: one row a deletion, the newest first.
SELECT s.seq AS number, d.kind, d.id, d.title, d.seq, d.deleted_at, d.deleted_by, d.count
FROM spaces s
LEFT JOIN (
  SELECT named.kind, named.id, named.title, named.seq, named.updated_at AS deleted_at, a.account_id AS deleted_by,
    CASE WHEN named.kind = 'label' THEN 1 ELSE a.seq - a.first_seq + 1 END AS count
  FROM (
    (SELECT 'task' AS kind, t.id, t.title, t.seq, t.updated_at FROM tasks t
     WHERE t.space_id = $1 AND t.deleted_seq IS NOT DISTINCT FROM t.seq AND t.moved_to IS NULL AND ($3::bigint IS NULL OR t.seq < $3)
     ORDER BY t.seq DESC LIMIT $2)
    UNION ALL
    (SELECT 'project', p.id, p.name, p.seq, p.updated_at FROM projects p
     WHERE p.space_id = $1 AND p.deleted_seq IS NOT DISTINCT FROM p.seq AND p.moved_to IS NULL AND ($3::bigint IS NULL OR p.seq < $3)
     ORDER BY p.seq DESC LIMIT $2)
    UNION ALL
    (SELECT 'section', n.id, n.name, n.seq, n.updated_at FROM sections n
     WHERE n.space_id = $1 AND n.deleted_seq IS NOT DISTINCT FROM n.seq AND n.moved_to IS NULL AND ($3::bigint IS NULL OR n.seq < $3)
     ORDER BY n.seq DESC LIMIT $2)
    UNION ALL
    (SELECT 'label', l.id, l.name, l.seq, l.updated_at FROM labels l
     WHERE l.space_id = $1 AND l.deleted_seq IS NOT DISTINCT FROM l.seq AND l.moved_to IS NULL AND ($3::bigint IS NULL OR l.seq < $3)
     ORDER BY l.seq DESC LIMIT $2)
    UNION ALL
    (SELECT 'comment', c.id, left(c.body, 500), c.seq, c.updated_at FROM comments c
     WHERE c.space_id = $1 AND c.deleted_seq IS NOT DISTINCT FROM c.seq AND c.moved_to IS NULL AND ($3::bigint IS NULL OR c.seq < $3)
     ORDER BY c.seq DESC LIMIT $2)
  ) named
  JOIN activity a ON a.space_id = $1 AND a.seq = named.seq
  WHERE named.updated_at > $4
  ORDER BY named.seq DESC
  LIMIT $2
) d ON true
WHERE s.space_id = $1
ORDER BY d.seq DESC;
