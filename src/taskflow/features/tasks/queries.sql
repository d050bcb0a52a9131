-- name: insert_task
-- A new task; no row where its id is taken, by a deleted one too.
INSERT INTO tasks AS t (space_id, id, title, title_key, description, status, priority, due_date, due_at, due_zone, due_local, recurrence, recurs_from, series_id, project_id, section_id, parent_id, label_ids, assignee_id, position, completed_at, created_by, created_at, updated_at, seq, created_seq)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $23, $24, $24)
ON CONFLICT (space_id, id) DO NOTHING
RETURNING t.id, t.space_id, t.title, t.description, t.status, t.priority, t.due_date, t.due_at, t.due_zone, t.recurrence, t.recurs_from, t.series_id, t.project_id, t.section_id, t.parent_id, t.label_ids, t.assignee_id, t.position, t.created_by, t.created_at, t.updated_at, t.completed_at, t.seq;

-- name: insert_next
-- The next task of a series, or the deleted one with its id in its place; no row where it is there, or went to another space.
INSERT INTO tasks AS t (space_id, id, title, title_key, description, status, priority, due_date, due_at, due_zone, due_local, recurrence, recurs_from, series_id, project_id, section_id, parent_id, label_ids, assignee_id, position, completed_at, created_by, created_at, updated_at, seq, created_seq)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $23, $24, $24)
ON CONFLICT (space_id, id) DO UPDATE
SET title = excluded.title, title_key = excluded.title_key, description = excluded.description, status = excluded.status, priority = excluded.priority, due_date = excluded.due_date, due_at = excluded.due_at, due_zone = excluded.due_zone, due_local = excluded.due_local, recurrence = excluded.recurrence, recurs_from = excluded.recurs_from, series_id = excluded.series_id, project_id = excluded.project_id, section_id = excluded.section_id, parent_id = excluded.parent_id, label_ids = excluded.label_ids, assignee_id = excluded.assignee_id, position = excluded.position, completed_at = excluded.completed_at, created_by = excluded.created_by, created_at = excluded.created_at, updated_at = excluded.updated_at, seq = excluded.seq, created_seq = excluded.created_seq, deleted_seq = NULL
WHERE t.deleted_seq IS NOT NULL AND t.moved_to IS NULL
RETURNING t.id;

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

-- name: task_known
-- The id itself where a task has it, or had it before it was deleted.
SELECT t.id FROM tasks t WHERE t.space_id = $1 AND t.id = $2;

-- name: rewrite_task
-- A task as it is from now on.
UPDATE tasks AS t
SET title = $3, title_key = $4, description = $5, status = $6, priority = $7, due_date = $8, due_at = $9, due_zone = $10, due_local = $11, recurrence = $12, recurs_from = $13, series_id = $14, project_id = $15, section_id = $16, parent_id = $17, label_ids = $18, assignee_id = $19, position = $20, completed_at = $21, updated_at = $22, seq = $23
WHERE t.space_id = $1 AND t.id = $2
RETURNING t.id, t.space_id, t.title, t.description, t.status, t.priority, t.due_date, t.due_at, t.due_zone, t.recurrence, t.recurs_from, t.series_id, t.project_id, t.section_id, t.parent_id, t.label_ids, t.assignee_id, t.position, t.created_by, t.created_at, t.updated_at, t.completed_at, t.seq;

-- name: references
-- What a task is to point to, as far as it is there: a project, a section (and whose it is), a parent (and where it is), a present member.
SELECT p.id AS project_id, n.id AS section_id, n.project_id AS section_project_id, o.id AS parent_id, o.project_id AS parent_project_id, o.section_id AS parent_section_id, m.account_id AS assignee_id
FROM spaces s
LEFT JOIN projects p ON p.space_id = s.space_id AND p.id = $2 AND p.deleted_seq IS NULL
LEFT JOIN sections n ON n.space_id = s.space_id AND n.id = $3 AND n.deleted_seq IS NULL
LEFT JOIN tasks o ON o.space_id = s.space_id AND o.id = $4 AND o.deleted_seq IS NULL
LEFT JOIN memberships m ON m.space_id = s.space_id AND m.account_id = $5 AND m.role <> 'former'
WHERE s.space_id = $1;

-- name: lineage
-- A task and those above it, up to $3 levels.
WITH RECURSIVE line AS (
  SELECT t.id, t.parent_id, 1 AS level FROM tasks t WHERE t.space_id = $1 AND t.id = $2 AND t.deleted_seq IS NULL
  UNION ALL
  SELECT t.id, t.parent_id, l.level + 1 FROM line l JOIN tasks t ON t.space_id = $1 AND t.id = l.parent_id AND t.deleted_seq IS NULL
  WHERE l.level < $3
)
SELECT l.id FROM line l;

-- name: levels_below
-- How many levels of sub-tasks a task has, up to $3.
WITH RECURSIVE tree AS (
  SELECT t.id, 1 AS level FROM tasks t WHERE t.space_id = $1 AND t.parent_id = $2 AND t.deleted_seq IS NULL
  UNION
  SELECT t.id, r.level + 1 FROM tree r JOIN tasks t ON t.space_id = $1 AND t.parent_id = r.id AND t.deleted_seq IS NULL
  WHERE r.level < $3
)
SELECT coalesce(max(r.level), 0) FROM tree r;

-- name: followers
-- The sub-tasks of a task, at any depth, that are not in this project and section.
WITH RECURSIVE tree AS (
  SELECT t.id, t.project_id, t.section_id FROM tasks t WHERE t.space_id = $1 AND t.parent_id = $2 AND t.deleted_seq IS NULL
  UNION
  SELECT t.id, t.project_id, t.section_id FROM tree r JOIN tasks t ON t.space_id = $1 AND t.parent_id = r.id AND t.deleted_seq IS NULL
)
SELECT r.id FROM tree r WHERE r.project_id IS DISTINCT FROM $3 OR r.section_id IS DISTINCT FROM $4;

-- name: place_followers
-- Sub-tasks go where their parent went, each with a number of its own from $3 on.
UPDATE tasks AS t SET seq = $3::bigint - 1 + n.place, project_id = $4, section_id = $5, updated_at = $6
FROM unnest($2::uuid[]) WITH ORDINALITY n (id, place)
WHERE t.space_id = $1 AND t.id = n.id;

-- name: later_one
-- The first task of a series behind a time, and whether it is as it was made, open, and nothing hangs on it.
SELECT t.id, t.due_local, t.seq = t.created_seq AND t.status <> 'done'
  AND NOT EXISTS (SELECT 1 FROM comments c WHERE c.space_id = $1 AND c.task_id = t.id AND c.deleted_seq IS NULL)
  AND NOT EXISTS (SELECT 1 FROM tasks o WHERE o.space_id = $1 AND o.parent_id = t.id AND o.deleted_seq IS NULL) AS untouched
FROM tasks t
WHERE t.space_id = $1 AND t.series_id = $2 AND t.due_local > $3 AND t.deleted_seq IS NULL
ORDER BY t.due_local, t.id
LIMIT 1;

-- name: bury_next
-- The next task of a series goes: a tombstone with its own number, and with that of the change that took it along.
UPDATE tasks AS t SET seq = $3, deleted_seq = $4, updated_at = $5
WHERE t.space_id = $1 AND t.id = $2;

-- name: all_tasks
-- The tasks behind an id (null: from the first on), in the order of their ids.
SELECT t.id, t.space_id, t.title, t.description, t.status, t.priority, t.due_date, t.due_at, t.due_zone, t.recurrence, t.recurs_from, t.series_id, t.project_id, t.section_id, t.parent_id, t.label_ids, t.assignee_id, t.position, t.created_by, t.created_at, t.updated_at, t.completed_at, t.seq
FROM tasks t
WHERE t.space_id = $1 AND ($2::uuid IS NULL OR t.id > $2) AND t.deleted_seq IS NULL
ORDER BY t.id
LIMIT $3;

-- name: arrive_tasks
-- Tasks from elsewhere, as JSON (jsonb_to_recordset: a quarter of the time that jsonb_populate_record takes); one that comes back does so in the row that it left, made when it was made.
INSERT INTO tasks AS t (space_id, id, title, title_key, description, status, priority, due_date, due_at, due_zone, due_local, recurrence, recurs_from, series_id, project_id, section_id, parent_id, label_ids, assignee_id, position, created_by, created_at, updated_at, completed_at, seq, created_seq)
SELECT s.space_id, u.id, u.title, u.title_key, u.description, u.status, u.priority, u.due_date, u.due_at, u.due_zone, u.due_local, u.recurrence, u.recurs_from, u.series_id, u.project_id, u.section_id, u.parent_id, u.label_ids, u.assignee_id, u.position, u.created_by, u.created_at, u.updated_at, u.completed_at, u.seq, u.created_seq
FROM spaces s, jsonb_to_recordset($2::jsonb) AS u (id uuid, title text, title_key text, description text, status text, priority smallint, due_date date, due_at timestamptz, due_zone text, due_local timestamp, recurrence text, recurs_from text, series_id uuid, project_id uuid, section_id uuid, parent_id uuid, label_ids uuid[], assignee_id uuid, position text, created_by uuid, created_at timestamptz, updated_at timestamptz, completed_at timestamptz, seq bigint, created_seq bigint)
WHERE s.space_id = $1
ON CONFLICT (space_id, id) DO UPDATE
SET title = excluded.title, title_key = excluded.title_key, description = excluded.description, status = excluded.status, priority = excluded.priority, due_date = excluded.due_date, due_at = excluded.due_at, due_zone = excluded.due_zone, due_local = excluded.due_local, recurrence = excluded.recurrence, recurs_from = excluded.recurs_from, series_id = excluded.series_id, project_id = excluded.project_id, section_id = excluded.section_id, parent_id = excluded.parent_id, label_ids = excluded.label_ids, assignee_id = excluded.assignee_id, position = excluded.position, created_by = excluded.created_by, created_at = excluded.created_at, updated_at = excluded.updated_at, completed_at = excluded.completed_at, seq = excluded.seq, deleted_seq = NULL, moved_to = NULL;
