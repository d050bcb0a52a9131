-- name: insert_project
-- A new project; no row where its id is taken, by a deleted one too.
INSERT INTO projects AS p (space_id, id, name, color, position, created_by, created_at, updated_at, seq, created_seq)
VALUES ($1, $2, $3, $4, $5, $6, $7, $7, $8, $8)
ON CONFLICT (space_id, id) DO NOTHING
RETURNING p.id, p.space_id, p.name, p.color, p.position, p.archived_at, p.created_by, p.created_at, p.updated_at, p.seq;

-- name: project
-- A project that is not deleted.
SELECT p.id, p.space_id, p.name, p.color, p.position, p.archived_at, p.created_by, p.created_at, p.updated_at, p.seq
FROM projects p
WHERE p.space_id = $1 AND p.id = $2 AND p.deleted_seq IS NULL;

-- name: project_at
-- The space's number and, at that number, a project that is not deleted (all its columns null where there is none).
SELECT s.seq AS number, p.id, p.space_id, p.name, p.color, p.position, p.archived_at, p.created_by, p.created_at, p.updated_at, p.seq
FROM spaces s
LEFT JOIN projects p ON p.space_id = s.space_id AND p.id = $2 AND p.deleted_seq IS NULL
WHERE s.space_id = $1;

-- name: list_projects
-- The space's number and, at that number, a page of its projects in their order by hand.
SELECT s.seq AS number, p.id, p.space_id, p.name, p.color, p.position, p.archived_at, p.created_by, p.created_at, p.updated_at, p.seq
FROM spaces s
LEFT JOIN (
  SELECT * FROM projects p
  WHERE p.space_id = $1 AND p.deleted_seq IS NULL AND ($3::text IS NULL OR (p.archived_at IS NOT NULL) = ($3 = 'true')) AND ($4::text IS NULL OR (p.position, p.id) > ($4, $5::uuid))
  ORDER BY p.position, p.id
  LIMIT $2
) p ON true
WHERE s.space_id = $1
ORDER BY p.position, p.id;

-- name: rewrite_project
-- A project as it is from now on.
UPDATE projects AS p SET name = $3, color = $4, position = $5, archived_at = $6, updated_at = $7, seq = $8
WHERE p.space_id = $1 AND p.id = $2
RETURNING p.id, p.space_id, p.name, p.color, p.position, p.archived_at, p.created_by, p.created_at, p.updated_at, p.seq;

-- name: insert_section
-- A new section; no row where its id is taken, by a deleted one too, or where its project is not there.
INSERT INTO sections AS n (space_id, id, project_id, name, position, created_by, created_at, updated_at, seq, created_seq)
SELECT s.space_id, $2, p.id, $4, $5, $6, $7, $7, $8, $8
FROM spaces s
JOIN projects p ON p.space_id = s.space_id AND p.id = $3 AND p.deleted_seq IS NULL
WHERE s.space_id = $1
ON CONFLICT (space_id, id) DO NOTHING
RETURNING n.id, n.space_id, n.project_id, n.name, n.position, n.archived_at, n.created_by, n.created_at, n.updated_at, n.seq;

-- name: section
-- A section that is not deleted.
SELECT n.id, n.space_id, n.project_id, n.name, n.position, n.archived_at, n.created_by, n.created_at, n.updated_at, n.seq
FROM sections n
WHERE n.space_id = $1 AND n.id = $2 AND n.deleted_seq IS NULL;

-- name: section_at
-- The space's number and, at that number, a section that is not deleted (all its columns null where there is none).
SELECT s.seq AS number, n.id, n.space_id, n.project_id, n.name, n.position, n.archived_at, n.created_by, n.created_at, n.updated_at, n.seq
FROM spaces s
LEFT JOIN sections n ON n.space_id = s.space_id AND n.id = $2 AND n.deleted_seq IS NULL
WHERE s.space_id = $1;

-- name: section_known
-- The id itself where a section has it, or had it before it was deleted.
SELECT n.id FROM sections n WHERE n.space_id = $1 AND n.id = $2;

-- name: list_sections
-- The space's number and, at that number, a page of its sections in their order by hand.
SELECT s.seq AS number, n.id, n.space_id, n.project_id, n.name, n.position, n.archived_at, n.created_by, n.created_at, n.updated_at, n.seq
FROM spaces s
LEFT JOIN (
  SELECT * FROM sections n
  WHERE n.space_id = $1 AND n.deleted_seq IS NULL AND ($3::uuid IS NULL OR n.project_id = $3) AND ($4::text IS NULL OR (n.position, n.id) > ($4, $5::uuid))
  ORDER BY n.position, n.id
  LIMIT $2
) n ON true
WHERE s.space_id = $1
ORDER BY n.position, n.id;

-- name: rewrite_section
-- A section as it is from now on.
UPDATE sections AS n SET name = $3, position = $4, archived_at = $5, updated_at = $6, seq = $7
WHERE n.space_id = $1 AND n.id = $2
RETURNING n.id, n.space_id, n.project_id, n.name, n.position, n.archived_at, n.created_by, n.created_at, n.updated_at, n.seq;

-- name: all_projects
-- The projects behind an id (null: from the first on), in the order of their ids.
SELECT p.id, p.space_id, p.name, p.color, p.position, p.archived_at, p.created_by, p.created_at, p.updated_at, p.seq
FROM projects p
WHERE p.space_id = $1 AND ($2::uuid IS NULL OR p.id > $2) AND p.deleted_seq IS NULL
ORDER BY p.id
LIMIT $3;

-- name: arrive_projects
-- Projects from elsewhere, as JSON.
INSERT INTO projects AS p (space_id, id, name, color, position, archived_at, created_by, created_at, updated_at, seq, created_seq)
SELECT s.space_id, u.id, u.name, u.color, u.position, u.archived_at, u.created_by, u.created_at, u.updated_at, u.seq, u.created_seq
FROM spaces s, jsonb_to_recordset($2::jsonb) AS u (id uuid, name text, color text, position text, archived_at timestamptz, created_by uuid, created_at timestamptz, updated_at timestamptz, seq bigint, created_seq bigint)
WHERE s.space_id = $1;

-- name: all_sections
-- The sections behind an id (null: from the first on), in the order of their ids.
SELECT n.id, n.space_id, n.project_id, n.name, n.position, n.archived_at, n.created_by, n.created_at, n.updated_at, n.seq
FROM sections n
WHERE n.space_id = $1 AND ($2::uuid IS NULL OR n.id > $2) AND n.deleted_seq IS NULL
ORDER BY n.id
LIMIT $3;

-- name: arrive_sections
-- Sections from elsewhere, as JSON.
INSERT INTO sections AS n (space_id, id, project_id, name, position, archived_at, created_by, created_at, updated_at, seq, created_seq)
SELECT s.space_id, u.id, u.project_id, u.name, u.position, u.archived_at, u.created_by, u.created_at, u.updated_at, u.seq, u.created_seq
FROM spaces s, jsonb_to_recordset($2::jsonb) AS u (id uuid, project_id uuid, name text, position text, archived_at timestamptz, created_by uuid, created_at timestamptz, updated_at timestamptz, seq bigint, created_seq bigint)
WHERE s.space_id = $1;
