-- name: going_project
-- A project, as JSON, that goes to another space.
SELECT to_jsonb(p) FROM projects p WHERE p.space_id = $1 AND p.id = $2 AND p.deleted_seq IS NULL;

-- name: going_sections
-- The sections of a project, as JSON.
SELECT to_jsonb(n) FROM sections n WHERE n.space_id = $1 AND n.project_id = $2 AND n.deleted_seq IS NULL;

-- name: ids_of_project
-- The tasks of a project; what is deleted is nobody else's business and stays.
SELECT t.id FROM tasks t WHERE t.space_id = $1 AND t.project_id = $2 AND t.deleted_seq IS NULL;

-- name: ids_below
-- The sub-tasks of these tasks, one level of them.
SELECT t.id FROM tasks t WHERE t.space_id = $1 AND t.parent_id = ANY($2::uuid[]) AND t.deleted_seq IS NULL;

-- name: going_tasks
-- Tasks, as JSON.
SELECT to_jsonb(t) FROM tasks t WHERE t.space_id = $1 AND t.id = ANY($2::uuid[]);

-- name: going_comments
-- The comments on these tasks, as JSON.
SELECT to_jsonb(c) FROM comments c
WHERE c.space_id = $1 AND c.task_id = ANY($2::uuid[]) AND c.deleted_seq IS NULL
ORDER BY c.seq;

-- name: going_activity
-- What was done to these things, or stands in the history of these tasks, as JSON and in order.
SELECT to_jsonb(a) FROM activity a
WHERE a.space_id = $1 AND (a.entity_id = ANY($2::uuid[]) OR a.task_id = ANY($3::uuid[]))
ORDER BY a.seq;

-- name: going_labels
-- The labels of these ids, as JSON and in their order by hand.
SELECT to_jsonb(l) FROM labels l
WHERE l.space_id = $1 AND l.id = ANY($2::uuid[]) AND l.deleted_seq IS NULL
ORDER BY l.position, l.id;

-- name: going_people
-- These people, as JSON, as the space shows them.
SELECT to_jsonb(m) FROM memberships m WHERE m.space_id = $1 AND m.account_id = ANY($2::uuid[]);

-- name: labels_of_names
-- For labels of elsewhere, by id and name, those that have the same names here.
SELECT u.id AS theirs, l.id AS ours
FROM unnest($2::uuid[], $3::text[]) AS u (id, name)
JOIN labels l ON l.space_id = $1 AND lower(l.name) = lower(u.name) AND l.deleted_seq IS NULL;

-- name: taken_task_ids
-- Which of these ids something else has, or had, than a task that went away from here.
SELECT t.id FROM tasks t WHERE t.space_id = $1 AND t.id = ANY($2::uuid[]) AND t.moved_to IS NULL;

-- name: taken_comment_ids
-- Which of these ids something else has, or had, than a comment that went away from here.
SELECT c.id FROM comments c WHERE c.space_id = $1 AND c.id = ANY($2::uuid[]) AND c.moved_to IS NULL;

-- name: arrive_people
-- People who are not in the space, so that what they made and said keeps their name.
INSERT INTO memberships AS m (space_id, account_id, role, name, avatar, seq, created_at, updated_at)
SELECT s.space_id, u.account_id, 'former', u.name, u.avatar, u.seq, $3, $3
FROM spaces s, jsonb_to_recordset($2::jsonb) AS u (account_id uuid, name text, avatar text, seq bigint)
WHERE s.space_id = $1;

-- name: arrive_activity
-- History from another space, under new numbers.
INSERT INTO activity AS a (space_id, seq, first_seq, at, account_id, operation, kind, entity_id, task_id, changes)
SELECT s.space_id, u.seq, u.seq, u.at, u.account_id, u.operation, u.kind, u.entity_id, u.task_id, u.changes
FROM spaces s, jsonb_to_recordset($2::jsonb) AS u (seq bigint, at timestamptz, account_id uuid, operation text, kind text, entity_id uuid, task_id uuid, changes jsonb)
WHERE s.space_id = $1;

-- name: leave_projects
-- Projects become tombstones that say where they went, each with a number of its own from $3 on.
UPDATE projects AS p SET seq = $3::bigint - 1 + u.place, deleted_seq = $4, moved_to = $5, updated_at = $6
FROM unnest($2::uuid[]) WITH ORDINALITY u (id, place)
WHERE p.space_id = $1 AND p.id = u.id;

-- name: leave_sections
-- Sections become tombstones that say where they went, each with a number of its own from $3 on.
UPDATE sections AS n SET seq = $3::bigint - 1 + u.place, deleted_seq = $4, moved_to = $5, updated_at = $6
FROM unnest($2::uuid[]) WITH ORDINALITY u (id, place)
WHERE n.space_id = $1 AND n.id = u.id;

-- name: leave_tasks
-- Tasks become tombstones that say where they went, each with a number of its own from $3 on.
UPDATE tasks AS t SET seq = $3::bigint - 1 + u.place, deleted_seq = $4, moved_to = $5, updated_at = $6
FROM unnest($2::uuid[]) WITH ORDINALITY u (id, place)
WHERE t.space_id = $1 AND t.id = u.id;

-- name: leave_comments
-- Comments become tombstones that say where they went, each with a number of its own from $3 on.
UPDATE comments AS c SET seq = $3::bigint - 1 + u.place, deleted_seq = $4, moved_to = $5, updated_at = $6
FROM unnest($2::uuid[]) WITH ORDINALITY u (id, place)
WHERE c.space_id = $1 AND c.id = u.id;

-- name: leave_activity
-- History that is told elsewhere now.
DELETE FROM activity AS a
WHERE a.space_id = $1 AND (a.entity_id = ANY($2::uuid[]) OR a.task_id = ANY($3::uuid[]));

-- name: left_tasks
-- What tasks were here when they went to another space, as JSON.
SELECT to_jsonb(t) FROM tasks t WHERE t.space_id = $1 AND t.id = ANY($2::uuid[]) AND t.moved_to = $3;

-- name: still_here
-- Which of these ids a label or a member of the space has now.
SELECT l.id FROM labels l WHERE l.space_id = $1 AND l.id = ANY($2::uuid[]) AND l.deleted_seq IS NULL
UNION ALL
SELECT m.account_id FROM memberships m WHERE m.space_id = $1 AND m.account_id = ANY($2::uuid[]) AND m.role <> 'former';

-- name: labels_left_over
-- Labels made by a move (numbers $2 to $3) that nobody has changed and that no task carries but those ($4) that it brought.
SELECT l.id FROM labels l
WHERE l.space_id = $1 AND l.created_seq BETWEEN $2 AND $3 AND l.seq = l.created_seq AND l.deleted_seq IS NULL AND NOT EXISTS (
  SELECT 1 FROM tasks t
  WHERE t.space_id = $1 AND l.id = ANY(t.label_ids) AND t.deleted_seq IS NULL AND t.id <> ALL($4::uuid[])
);
