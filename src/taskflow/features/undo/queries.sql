-- name: change
-- The change that took a number, or else the first one behind it: where that one began, it says itself.
SELECT a.seq, a.first_seq, a.at, a.account_id, a.operation, a.kind, a.entity_id AS id, a.task_id, a.changes
FROM activity a
WHERE a.space_id = $1 AND a.seq >= $2
ORDER BY a.seq
LIMIT 1;

-- name: creation
-- When a thing (deleted or not) was made under a number, by whom, and the task that it hangs on.
SELECT c.at, c.account_id, c.task_id
FROM (
  (SELECT 'task' AS kind, t.created_seq AS seq, t.created_at AS at, t.created_by AS account_id, t.id AS task_id
   FROM tasks t WHERE t.space_id = $1 AND t.id = $2)
  UNION ALL
  (SELECT 'project', p.created_seq, p.created_at, p.created_by, NULL
   FROM projects p WHERE p.space_id = $1 AND p.id = $2)
  UNION ALL
  (SELECT 'section', n.created_seq, n.created_at, n.created_by, NULL
   FROM sections n WHERE n.space_id = $1 AND n.id = $2)
  UNION ALL
  (SELECT 'label', l.created_seq, l.created_at, l.created_by, NULL
   FROM labels l WHERE l.space_id = $1 AND l.id = $2)
  UNION ALL
  (SELECT 'comment', c.created_seq, c.created_at, c.author_id, c.task_id
   FROM comments c WHERE c.space_id = $1 AND c.id = $2)
) c
WHERE c.kind = $3 AND c.seq = $4;

-- name: gone
-- What a change deleted ($2 to $3: its numbers) and is still deleted: the kinds, and of each the first and the last number.
SELECT g.kind, min(g.seq) AS first_seq, max(g.seq) AS last_seq
FROM (
  (SELECT 'task' AS kind, t.seq
   FROM tasks t WHERE t.space_id = $1 AND t.seq BETWEEN $2 AND $3 AND coalesce(t.deleted_seq, 0) = $3 AND t.moved_to IS NULL)
  UNION ALL
  (SELECT 'project', p.seq
   FROM projects p WHERE p.space_id = $1 AND p.seq BETWEEN $2 AND $3 AND coalesce(p.deleted_seq, 0) = $3 AND p.moved_to IS NULL)
  UNION ALL
  (SELECT 'section', n.seq
   FROM sections n WHERE n.space_id = $1 AND n.seq BETWEEN $2 AND $3 AND coalesce(n.deleted_seq, 0) = $3 AND n.moved_to IS NULL)
  UNION ALL
  (SELECT 'label', l.seq
   FROM labels l WHERE l.space_id = $1 AND l.seq BETWEEN $2 AND $3 AND coalesce(l.deleted_seq, 0) = $3 AND l.moved_to IS NULL)
  UNION ALL
  (SELECT 'comment', c.seq
   FROM comments c WHERE c.space_id = $1 AND c.seq BETWEEN $2 AND $3 AND coalesce(c.deleted_seq, 0) = $3 AND c.moved_to IS NULL)
) g
GROUP BY g.kind;

-- name: restore_projects
-- The projects that a change deleted come back, in their order, each with a number $4 further on.
UPDATE projects AS p SET deleted_seq = NULL, seq = p.seq + $4, updated_at = $5
WHERE p.space_id = $1 AND p.seq BETWEEN $2 AND $3 AND coalesce(p.deleted_seq, 0) = $3 AND p.moved_to IS NULL;

-- name: restore_labels
-- The labels that a change deleted come back, but for those whose name another one has by now.
UPDATE labels AS l SET deleted_seq = NULL, seq = l.seq + $4, updated_at = $5
WHERE l.space_id = $1 AND l.seq BETWEEN $2 AND $3 AND coalesce(l.deleted_seq, 0) = $3 AND l.moved_to IS NULL
  AND (SELECT o.id FROM labels o WHERE o.space_id = $1 AND lower(o.name) = lower(l.name) AND o.deleted_seq IS NULL) IS NULL;

-- name: restore_sections
-- The sections that a change deleted come back into the projects that are there.
UPDATE sections AS n SET deleted_seq = NULL, seq = n.seq + $4, updated_at = $5
WHERE n.space_id = $1 AND n.seq BETWEEN $2 AND $3 AND coalesce(n.deleted_seq, 0) = $3 AND n.moved_to IS NULL
  AND (SELECT p.deleted_seq IS NULL FROM projects p WHERE p.space_id = $1 AND p.id = n.project_id);

-- name: restore_tasks
-- The tasks that a change deleted come back.
UPDATE tasks AS t SET deleted_seq = NULL, seq = t.seq + $4, updated_at = $5
WHERE t.space_id = $1 AND t.seq BETWEEN $2 AND $3 AND coalesce(t.deleted_seq, 0) = $3 AND t.moved_to IS NULL;

-- name: restore_comments
-- The comments that a change deleted come back under the tasks that are there. All of these are read once: while statistics know nothing of a space, as after an import, a join or a look-up for each reads them again for each.
UPDATE comments AS c SET deleted_seq = NULL, seq = c.seq + $4, updated_at = $5
WHERE c.space_id = $1 AND c.seq BETWEEN $2 AND $3 AND coalesce(c.deleted_seq, 0) = $3 AND c.moved_to IS NULL
  AND (c.task_id IN (SELECT t.id FROM tasks t WHERE t.space_id = $1 AND t.deleted_seq IS NULL)) IS TRUE;

-- name: lose_parents
-- Tasks that came back (by their numbers) lose a parent that is gone. (IS TRUE keeps the planner from a join: 5,000 tasks took 12 s.)
UPDATE tasks AS t SET parent_id = NULL
WHERE t.space_id = $1 AND t.seq BETWEEN $2 AND $3 AND t.parent_id IS NOT NULL
  AND (t.parent_id IN (SELECT o.id FROM tasks o WHERE o.space_id = $1 AND coalesce(o.deleted_seq, 0) > 0)) IS TRUE
RETURNING t.id;

-- name: lose_parent
-- A task that came back has no parent any more.
UPDATE tasks AS t SET parent_id = NULL WHERE t.space_id = $1 AND t.id = $2;

-- name: follow_parents
-- Tasks that came back under a parent that was there all the time are where that is by now, with all below them.
WITH RECURSIVE tree AS (
  SELECT t.id, o.project_id, o.section_id
  FROM (
    SELECT k.id, k.parent_id FROM tasks k
    WHERE k.space_id = $1 AND k.seq BETWEEN $2 AND $3 AND k.parent_id IS NOT NULL
      AND (k.parent_id IN (SELECT a.id FROM tasks a WHERE a.space_id = $1 AND a.seq BETWEEN $2 AND $3)) IS FALSE
  ) t
  JOIN tasks o ON o.space_id = $1 AND o.id = t.parent_id
  UNION ALL
  SELECT t.id, r.project_id, r.section_id
  FROM tree r
  JOIN tasks t ON t.space_id = $1 AND t.parent_id = r.id AND t.seq BETWEEN $2 AND $3
)
UPDATE tasks AS t SET project_id = r.project_id, section_id = r.section_id
FROM tree r
WHERE t.space_id = $1 AND t.id = r.id
  AND (t.project_id IS DISTINCT FROM r.project_id OR t.section_id IS DISTINCT FROM r.section_id);

-- name: lose_projects
-- Tasks that came back lose a project that is gone, and with it their section.
UPDATE tasks AS t SET project_id = NULL, section_id = NULL
WHERE t.space_id = $1 AND t.seq BETWEEN $2 AND $3 AND t.project_id IS NOT NULL
  AND (SELECT p.deleted_seq IS NOT NULL FROM projects p WHERE p.space_id = $1 AND p.id = t.project_id)
RETURNING t.id;

-- name: lose_sections
-- Tasks that came back lose a section that is gone.
UPDATE tasks AS t SET section_id = NULL
WHERE t.space_id = $1 AND t.seq BETWEEN $2 AND $3 AND t.section_id IS NOT NULL
  AND (SELECT n.deleted_seq IS NOT NULL FROM sections n WHERE n.space_id = $1 AND n.id = t.section_id)
RETURNING t.id;

-- name: lose_labels
-- Tasks that came back lose labels that are gone.
UPDATE tasks AS t SET label_ids = ARRAY(
  SELECT l.id FROM labels l
  WHERE l.space_id = $1 AND l.id = ANY(t.label_ids) AND l.deleted_seq IS NULL
  ORDER BY l.id
)
WHERE t.space_id = $1 AND t.seq BETWEEN $2 AND $3
  AND EXISTS (
    SELECT 1 FROM labels l WHERE l.space_id = $1 AND l.id = ANY(t.label_ids) AND l.deleted_seq IS NOT NULL
  )
RETURNING t.id;

-- name: lose_assignees
-- Tasks that came back lose an assignee who has left.
UPDATE tasks AS t SET assignee_id = NULL
WHERE t.space_id = $1 AND t.seq BETWEEN $2 AND $3 AND t.assignee_id IS NOT NULL
  AND coalesce((SELECT m.role FROM memberships m WHERE m.space_id = $1 AND m.account_id = t.assignee_id), 'former') = 'former'
RETURNING t.id;

-- name: made
-- What a change made (its numbers $2 to $3) and nobody touched since, beside the $5 that it was about: created there, or brought back up to $4; each with what it hangs on.
SELECT m.kind, m.id, m.task_id, m.project_id, m.section_id, m.label_ids
FROM (
  (SELECT 'task' AS kind, t.id, t.parent_id AS task_id, t.project_id, t.section_id, t.label_ids, t.seq, t.created_seq
   FROM tasks t WHERE t.space_id = $1 AND t.seq BETWEEN $2 AND $3 AND t.deleted_seq IS NULL)
  UNION ALL
  (SELECT 'project', p.id, NULL, NULL, NULL, '{}'::uuid[], p.seq, p.created_seq
   FROM projects p WHERE p.space_id = $1 AND p.seq BETWEEN $2 AND $3 AND p.deleted_seq IS NULL)
  UNION ALL
  (SELECT 'section', n.id, NULL, n.project_id, NULL, '{}'::uuid[], n.seq, n.created_seq
   FROM sections n WHERE n.space_id = $1 AND n.seq BETWEEN $2 AND $3 AND n.deleted_seq IS NULL)
  UNION ALL
  (SELECT 'label', l.id, NULL, NULL, NULL, '{}'::uuid[], l.seq, l.created_seq
   FROM labels l WHERE l.space_id = $1 AND l.seq BETWEEN $2 AND $3 AND l.deleted_seq IS NULL)
  UNION ALL
  (SELECT 'comment', c.id, c.task_id, NULL, NULL, '{}'::uuid[], c.seq, c.created_seq
   FROM comments c WHERE c.space_id = $1 AND c.seq BETWEEN $2 AND $3 AND c.deleted_seq IS NULL)
) m
WHERE (m.created_seq >= $2 OR m.seq <= $4) AND (m.kind <> $5 OR m.seq < $3)
ORDER BY m.seq;

-- name: held
-- On which of these tasks ($2), projects ($3), sections ($4) and labels ($5) something hangs that is none of them, nor of these comments ($6).
SELECT DISTINCT h.kind, h.id
FROM (
  (SELECT 'task' AS kind, c.task_id AS id FROM comments c
   WHERE c.space_id = $1 AND c.task_id = ANY($2::uuid[]) AND c.deleted_seq IS NULL AND c.id <> ALL($6::uuid[]))
  UNION ALL
  (SELECT 'task', t.parent_id FROM tasks t
   WHERE t.space_id = $1 AND t.parent_id = ANY($2::uuid[]) AND t.deleted_seq IS NULL AND t.id <> ALL($2::uuid[]))
  UNION ALL
  (SELECT 'project', t.project_id FROM tasks t
   WHERE t.space_id = $1 AND t.project_id = ANY($3::uuid[]) AND t.deleted_seq IS NULL AND t.id <> ALL($2::uuid[]))
  UNION ALL
  (SELECT 'project', n.project_id FROM sections n
   WHERE n.space_id = $1 AND n.project_id = ANY($3::uuid[]) AND n.deleted_seq IS NULL AND n.id <> ALL($4::uuid[]))
  UNION ALL
  (SELECT 'section', t.section_id FROM tasks t
   WHERE cardinality($4::uuid[]) > 0 AND t.space_id = $1 AND t.section_id = ANY($4::uuid[]) AND t.deleted_seq IS NULL
     AND t.id <> ALL($2::uuid[]))
  UNION ALL
  (SELECT 'label', unnest(t.label_ids) FROM tasks t
   WHERE cardinality($5::uuid[]) > 0 AND t.space_id = $1 AND t.label_ids && $5::uuid[] AND t.deleted_seq IS NULL
     AND t.id <> ALL($2::uuid[]))
) h;

-- name: relabel
-- A label back onto tasks that carried it, each with a number of its own from $3 on.
UPDATE tasks AS t SET label_ids = ARRAY(SELECT u.id FROM unnest(t.label_ids || $4::uuid) AS u (id) ORDER BY u.id), seq = $3::bigint - 1 + n.place, updated_at = $5
FROM unnest($2::uuid[]) WITH ORDINALITY n (id, place)
WHERE t.space_id = $1 AND t.id = n.id;

-- name: unlabelled
-- Which of these tasks ($3) are there, do not carry a label ($2) and have room for it: they have less than $4.
SELECT t.id FROM tasks t
WHERE t.space_id = $1 AND t.id = ANY($3::uuid[]) AND t.deleted_seq IS NULL AND NOT t.label_ids @> ARRAY[$2::uuid]
  AND cardinality(t.label_ids) < $4
ORDER BY t.id;

-- name: homeless
-- A deleted section (by its id) or comment whose project or task is deleted too: there is nowhere to bring it back to.
SELECT h.id
FROM (
  (SELECT 'section' AS kind, n.id FROM sections n
   LEFT JOIN projects p ON p.space_id = n.space_id AND p.id = n.project_id AND p.deleted_seq IS NULL
   WHERE n.space_id = $1 AND n.id = $2 AND n.deleted_seq = $3 AND p.id IS NULL)
  UNION ALL
  (SELECT 'comment', c.id FROM comments c
   LEFT JOIN tasks t ON t.space_id = c.space_id AND t.id = c.task_id AND t.deleted_seq IS NULL
   WHERE c.space_id = $1 AND c.id = $2 AND c.deleted_seq = $3 AND t.id IS NULL)
) h
WHERE h.kind = $4;

-- name: namesake
-- The label that has the name of a deleted one by now.
SELECT o.id
FROM labels l
JOIN labels o ON o.space_id = l.space_id AND lower(o.name) = lower(l.name) AND o.deleted_seq IS NULL
WHERE l.space_id = $1 AND l.id = $2 AND l.deleted_seq = $3;

-- name: author
-- Who wrote a comment, deleted or not.
SELECT c.author_id FROM comments c WHERE c.space_id = $1 AND c.id = $2;

-- name: went_to
-- The space that a task went to under a number; no row where it came back, or was only deleted.
SELECT t.moved_to FROM tasks t
WHERE t.space_id = $1 AND t.id = $2 AND t.seq = $3 AND t.moved_to IS NOT NULL;

-- name: arrival
-- How a thing came here from a space ($3) the last time, if this account took it.
SELECT a.seq, a.first_seq, a.at, a.account_id, a.operation, a.kind, a.entity_id AS id, a.task_id, a.changes
FROM activity a
WHERE a.space_id = $1 AND a.entity_id = $2 AND a.changes -> 'space_id' ->> 0 = $3 AND a.account_id = $4
ORDER BY a.seq DESC
LIMIT 1;
