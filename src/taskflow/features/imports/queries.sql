-- name: taken
-- Which of these ids a space has labels, projects, sections, tasks or comments with, deleted ones too, and where they are.
SELECT k.kind, k.id, k.there, k.project_id, k.section_id, k.parent_id
FROM (
  SELECT 'labels' AS kind, l.id, l.deleted_seq IS NULL AS there, NULL::uuid AS project_id, NULL::uuid AS section_id, NULL::uuid AS parent_id
  FROM labels l WHERE l.space_id = $1 AND l.id = ANY($2::uuid[])
  UNION ALL
  SELECT 'projects', p.id, p.deleted_seq IS NULL, NULL, NULL, NULL
  FROM projects p WHERE p.space_id = $1 AND p.id = ANY($3::uuid[])
  UNION ALL
  SELECT 'sections', n.id, n.deleted_seq IS NULL, n.project_id, NULL, NULL
  FROM sections n WHERE n.space_id = $1 AND n.id = ANY($4::uuid[])
  UNION ALL
  SELECT 'tasks', t.id, t.deleted_seq IS NULL, t.project_id, t.section_id, t.parent_id
  FROM tasks t WHERE t.space_id = $1 AND t.id = ANY($5::uuid[])
  UNION ALL
  SELECT 'comments', c.id, c.deleted_seq IS NULL, NULL, NULL, NULL
  FROM comments c WHERE c.space_id = $1 AND c.id = ANY($6::uuid[])
) k;

-- name: labels_named
-- For each of these names, in their order: the name as the database tells names apart, and the label that has it.
SELECT n.nth, lower(n.name) AS folded, l.id
FROM spaces s
CROSS JOIN unnest($2::text[]) WITH ORDINALITY AS n (name, nth)
LEFT JOIN labels l ON l.space_id = s.space_id AND lower(l.name) = lower(n.name) AND l.deleted_seq IS NULL
WHERE s.space_id = $1
ORDER BY n.nth;

-- name: insert_labels
-- Many new labels from JSON.
INSERT INTO labels AS l (space_id, id, name, color, position, created_by, created_at, updated_at, seq, created_seq)
SELECT s.space_id, u.id, u.name, u.color, u.position, u.created_by, u.created_at, u.updated_at, u.seq, u.seq
FROM spaces s, jsonb_to_recordset($2::jsonb) AS u (id uuid, name text, color text, position text, created_by uuid, created_at timestamptz, updated_at timestamptz, seq bigint)
WHERE s.space_id = $1;

-- name: insert_projects
-- Many new projects from JSON.
INSERT INTO projects AS p (space_id, id, name, color, position, archived_at, created_by, created_at, updated_at, seq, created_seq)
SELECT s.space_id, u.id, u.name, u.color, u.position, u.archived_at, u.created_by, u.created_at, u.updated_at, u.seq, u.seq
FROM spaces s, jsonb_to_recordset($2::jsonb) AS u (id uuid, name text, color text, position text, archived_at timestamptz, created_by uuid, created_at timestamptz, updated_at timestamptz, seq bigint)
WHERE s.space_id = $1;

-- name: insert_sections
-- Many new sections from JSON.
INSERT INTO sections AS n (space_id, id, project_id, name, position, archived_at, created_by, created_at, updated_at, seq, created_seq)
SELECT s.space_id, u.id, u.project_id, u.name, u.position, u.archived_at, u.created_by, u.created_at, u.updated_at, u.seq, u.seq
FROM spaces s, jsonb_to_recordset($2::jsonb) AS u (id uuid, project_id uuid, name text, position text, archived_at timestamptz, created_by uuid, created_at timestamptz, updated_at timestamptz, seq bigint)
WHERE s.space_id = $1;

-- name: insert_tasks
-- Many new tasks from JSON (jsonb_to_recordset: a quarter of the time that jsonb_populate_record takes).
INSERT INTO tasks AS t (space_id, id, title, title_key, description, status, priority, due_date, due_at, due_zone, due_local, recurrence, recurs_from, series_id, project_id, section_id, parent_id, label_ids, assignee_id, position, created_by, created_at, updated_at, completed_at, seq, created_seq)
SELECT s.space_id, u.id, u.title, u.title_key, u.description, u.status, u.priority, u.due_date, u.due_at, u.due_zone, u.due_local, u.recurrence, u.recurs_from, u.series_id, u.project_id, u.section_id, u.parent_id, u.label_ids, u.assignee_id, u.position, u.created_by, u.created_at, u.updated_at, u.completed_at, u.seq, u.seq
FROM spaces s, jsonb_to_recordset($2::jsonb) AS u (id uuid, title text, title_key text, description text, status text, priority smallint, due_date date, due_at timestamptz, due_zone text, due_local timestamp, recurrence text, recurs_from text, series_id uuid, project_id uuid, section_id uuid, parent_id uuid, label_ids uuid[], assignee_id uuid, position text, created_by uuid, created_at timestamptz, updated_at timestamptz, completed_at timestamptz, seq bigint)
WHERE s.space_id = $1;

-- name: insert_comments
-- Many new comments from JSON.
INSERT INTO comments AS c (space_id, id, task_id, author_id, body, mention_ids, created_at, updated_at, seq, created_seq)
SELECT s.space_id, u.id, u.task_id, u.author_id, u.body, u.mention_ids, u.created_at, u.updated_at, u.seq, u.seq
FROM spaces s, jsonb_to_recordset($2::jsonb) AS u (id uuid, task_id uuid, author_id uuid, body text, mention_ids uuid[], created_at timestamptz, updated_at timestamptz, seq bigint)
WHERE s.space_id = $1;
