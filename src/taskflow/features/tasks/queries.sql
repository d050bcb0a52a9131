-- name: insert_task
-- A new task; no row where its id is taken, by a deleted one too.
INSERT INTO tasks AS t (space_id, id, title, title_key, description, status, priority, due_date, due_at, due_zone, due_local, position, created_by, created_at, updated_at, completed_at, seq, created_seq)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $14, $15, $16, $16)
ON CONFLICT (space_id, id) DO NOTHING
RETURNING t.id, t.space_id, t.title, t.description, t.status, t.priority, t.due_date, t.due_at, t.due_zone, t.recurrence, t.recurs_from, t.series_id, t.project_id, t.section_id, t.parent_id, t.label_ids, t.assignee_id, t.position, t.created_by, t.created_at, t.updated_at, t.completed_at, t.seq;

-- name: task
-- A task that is not deleted.
SELECT t.id, t.space_id, t.title, t.description, t.status, t.priority, t.due_date, t.due_at, t.due_zone, t.recurrence, t.recurs_from, t.series_id, t.project_id, t.section_id, t.parent_id, t.label_ids, t.assignee_id, t.position, t.created_by, t.created_at, t.updated_at, t.completed_at, t.seq
FROM tasks t
WHERE t.space_id = $1 AND t.id = $2 AND t.deleted_seq IS NULL;

-- name: task_at
-- The space's number and, at that number, a task that is not deleted (all its columns null where there is none).
SELECT s.seq AS number, t.id, t.space_id, t.title, t.description, t.status, t.priority, t.due_date, t.due_at, t.due_zone, t.recurrence, t.recurs_from, t.series_id, t.project_id, t.section_id, t.parent_id, t.label_ids, t.assignee_id, t.position, t.created_by, t.created_at, t.updated_at, t.completed_at, t.seq
FROM spaces s
LEFT JOIN tasks t ON t.space_id = s.space_id AND t.id = $2 AND t.deleted_seq IS NULL
WHERE s.space_id = $1;

-- name: rewrite_task
-- A task as it is from now on.
UPDATE tasks AS t
SET title = $3, title_key = $4, description = $5, status = $6, priority = $7, due_date = $8, due_at = $9, due_zone = $10, due_local = $11, position = $12, completed_at = $13, updated_at = $14, seq = $15
WHERE t.space_id = $1 AND t.id = $2
RETURNING t.id, t.space_id, t.title, t.description, t.status, t.priority, t.due_date, t.due_at, t.due_zone, t.recurrence, t.recurs_from, t.series_id, t.project_id, t.section_id, t.parent_id, t.label_ids, t.assignee_id, t.position, t.created_by, t.created_at, t.updated_at, t.completed_at, t.seq;
