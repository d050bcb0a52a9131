-- name: count_things
-- How many things a space has that are not deleted.
SELECT (SELECT count(*) FROM labels l WHERE l.space_id = $1 AND l.deleted_seq IS NULL)
  + (SELECT count(*) FROM projects p WHERE p.space_id = $1 AND p.deleted_seq IS NULL)
  + (SELECT count(*) FROM sections n WHERE n.space_id = $1 AND n.deleted_seq IS NULL)
  + (SELECT count(*) FROM tasks t WHERE t.space_id = $1 AND t.deleted_seq IS NULL)
  + (SELECT count(*) FROM comments c WHERE c.space_id = $1 AND c.deleted_seq IS NULL) AS things;

-- name: exported_labels
-- The labels behind an id (null: from the first on), in the order of their ids.
SELECT l.id, l.space_id, l.name, l.color, l.position, l.created_by, l.created_at, l.updated_at, l.seq
FROM labels l
WHERE l.space_id = $1 AND ($2::uuid IS NULL OR l.id > $2) AND l.deleted_seq IS NULL
ORDER BY l.id
LIMIT $3;

-- name: exported_projects
-- The projects behind an id (null: from the first on), in the order of their ids.
SELECT p.id, p.space_id, p.name, p.color, p.position, p.archived_at, p.created_by, p.created_at, p.updated_at, p.seq
FROM projects p
WHERE p.space_id = $1 AND ($2::uuid IS NULL OR p.id > $2) AND p.deleted_seq IS NULL
ORDER BY p.id
LIMIT $3;

-- name: exported_sections
-- The sections behind an id (null: from the first on), in the order of their ids.
SELECT n.id, n.space_id, n.project_id, n.name, n.position, n.archived_at, n.created_by, n.created_at, n.updated_at, n.seq
FROM sections n
WHERE n.space_id = $1 AND ($2::uuid IS NULL OR n.id > $2) AND n.deleted_seq IS NULL
ORDER BY n.id
LIMIT $3;

-- name: exported_tasks
-- The tasks behind an id (null: from the first on), in the order of their ids.
SELECT t.id, t.space_id, t.title, t.description, t.status, t.priority, t.due_date, t.due_at, t.due_zone, t.recurrence, t.recurs_from, t.series_id, t.project_id, t.section_id, t.parent_id, t.label_ids, t.assignee_id, t.position, t.created_by, t.created_at, t.updated_at, t.completed_at, t.seq
FROM tasks t
WHERE t.space_id = $1 AND ($2::uuid IS NULL OR t.id > $2) AND t.deleted_seq IS NULL
ORDER BY t.id
LIMIT $3;

-- name: exported_comments
-- The comments behind an id (null: from the first on), in the order of their ids.
SELECT c.id, c.space_id, c.task_id, c.author_id, c.body, c.mention_ids, c.created_at, c.updated_at, c.seq
FROM comments c
WHERE c.space_id = $1 AND ($2::uuid IS NULL OR c.id > $2) AND c.deleted_seq IS NULL
ORDER BY c.id
LIMIT $3;

-- name: exported_members
-- The people of a space, the former ones too, in the order in which they came.
SELECT m.account_id AS id, m.role, m.name
FROM memberships m
WHERE m.space_id = $1
ORDER BY m.created_at, m.account_id;
