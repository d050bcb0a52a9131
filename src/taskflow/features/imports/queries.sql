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
