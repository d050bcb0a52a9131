-- name: taken_ids
-- Which of these ids a space has tasks with, deleted ones too.
SELECT t.id FROM tasks t WHERE t.space_id = $1 AND t.id = ANY($2::uuid[]);

-- name: insert_tasks
-- Many new tasks from JSON (jsonb_to_recordset: a quarter of the time that jsonb_populate_record takes).
INSERT INTO tasks AS t (space_id, id, title, title_key, description, status, priority, due_date, due_at, due_zone, due_local, position, created_by, created_at, updated_at, completed_at, seq, created_seq)
SELECT s.space_id, u.id, u.title, u.title_key, u.description, u.status, u.priority, u.due_date, u.due_at, u.due_zone, u.due_local, u.position, u.created_by, u.created_at, u.created_at, u.completed_at, u.seq, u.seq
FROM spaces s, jsonb_to_recordset($2::jsonb) AS u (id uuid, title text, title_key text, description text, status text, priority smallint, due_date date, due_at timestamptz, due_zone text, due_local timestamp, position text, created_by uuid, created_at timestamptz, completed_at timestamptz, seq bigint)
WHERE s.space_id = $1;
