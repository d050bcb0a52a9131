-- name: tasks_below
-- The sub-tasks of a task at any depth.
WITH RECURSIVE tree AS (
  SELECT t.id FROM tasks t WHERE t.space_id = $1 AND t.parent_id = $2 AND t.deleted_seq IS NULL
  UNION
  SELECT t.id FROM tree r JOIN tasks t ON t.space_id = $1 AND t.parent_id = r.id AND t.deleted_seq IS NULL
)
SELECT r.id FROM tree r;

-- name: tasks_of_project
-- The tasks of a project, with their sub-tasks at any depth.
WITH RECURSIVE tree AS (
  SELECT t.id FROM tasks t WHERE t.space_id = $1 AND t.project_id = $2 AND t.deleted_seq IS NULL
  UNION
  SELECT t.id FROM tree r JOIN tasks t ON t.space_id = $1 AND t.parent_id = r.id AND t.deleted_seq IS NULL
)
SELECT r.id FROM tree r;

-- name: tasks_of_section
-- The tasks of a section, with their sub-tasks at any depth.
WITH RECURSIVE tree AS (
  SELECT t.id FROM tasks t WHERE t.space_id = $1 AND t.section_id = $2 AND t.deleted_seq IS NULL
  UNION
  SELECT t.id FROM tree r JOIN tasks t ON t.space_id = $1 AND t.parent_id = r.id AND t.deleted_seq IS NULL
)
SELECT r.id FROM tree r;

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
-- A label off tasks, each with a number of its own from $3 on.
UPDATE tasks AS t SET label_ids = array_remove(t.label_ids, $4), seq = $3::bigint - 1 + n.place, updated_at = $5
FROM unnest($2::uuid[]) WITH ORDINALITY n (id, place)
WHERE t.space_id = $1 AND t.id = n.id;

-- name: bury_tasks
-- Tasks become tombstones, each with a number of its own from $3 on, and with that of the deletion.
UPDATE tasks AS t SET seq = $3::bigint - 1 + n.place, deleted_seq = $4, updated_at = $5
FROM unnest($2::uuid[]) WITH ORDINALITY n (id, place)
WHERE t.space_id = $1 AND t.id = n.id;

-- name: bury_comments
-- Comments become tombstones, each with a number of its own from $3 on, and with that of the deletion.
UPDATE comments AS c SET seq = $3::bigint - 1 + n.place, deleted_seq = $4, updated_at = $5
FROM unnest($2::uuid[]) WITH ORDINALITY n (id, place)
WHERE c.space_id = $1 AND c.id = n.id;

-- name: bury_sections
-- Sections become tombstones, each with a number of its own from $3 on, and with that of the deletion.
UPDATE sections AS s SET seq = $3::bigint - 1 + n.place, deleted_seq = $4, updated_at = $5
FROM unnest($2::uuid[]) WITH ORDINALITY n (id, place)
WHERE s.space_id = $1 AND s.id = n.id;

-- name: bury_projects
-- Projects become tombstones, each with a number of its own from $3 on, and with that of the deletion.
UPDATE projects AS p SET seq = $3::bigint - 1 + n.place, deleted_seq = $4, updated_at = $5
FROM unnest($2::uuid[]) WITH ORDINALITY n (id, place)
WHERE p.space_id = $1 AND p.id = n.id;

-- name: bury_labels
-- Labels become tombstones, each with a number of its own from $3 on, and with that of the deletion.
UPDATE labels AS l SET seq = $3::bigint - 1 + n.place, deleted_seq = $4, updated_at = $5
FROM unnest($2::uuid[]) WITH ORDINALITY n (id, place)
WHERE l.space_id = $1 AND l.id = n.id;
