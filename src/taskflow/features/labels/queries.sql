-- name: insert_label
-- A new label; no row where its id is taken, by a deleted one too, or where another label has its name.
INSERT INTO labels AS l (space_id, id, name, color, position, created_by, created_at, updated_at, seq, created_seq)
SELECT s.space_id, $2, $3, $4, $5, $6, $7, $7, $8, $8
FROM spaces s
WHERE s.space_id = $1 AND NOT EXISTS (
  SELECT 1 FROM labels o WHERE o.space_id = $1 AND lower(o.name) = lower($3) AND o.deleted_seq IS NULL
)
ON CONFLICT (space_id, id) DO NOTHING
RETURNING l.id, l.space_id, l.name, l.color, l.position, l.created_by, l.created_at, l.updated_at, l.seq;

-- name: label
-- A label that is not deleted.
SELECT l.id, l.space_id, l.name, l.color, l.position, l.created_by, l.created_at, l.updated_at, l.seq
FROM labels l
WHERE l.space_id = $1 AND l.id = $2 AND l.deleted_seq IS NULL;

-- name: label_at
-- The space's number and, at that number, a label that is not deleted (all its columns null where there is none).
SELECT s.seq AS number, l.id, l.space_id, l.name, l.color, l.position, l.created_by, l.created_at, l.updated_at, l.seq
FROM spaces s
LEFT JOIN labels l ON l.space_id = s.space_id AND l.id = $2 AND l.deleted_seq IS NULL
WHERE s.space_id = $1;

-- name: label_known
-- The id itself where a label has it, or had it before it was deleted.
SELECT l.id FROM labels l WHERE l.space_id = $1 AND l.id = $2;

-- name: list_labels
-- The space's number and, at that number, a page of its labels in their order by hand.
SELECT s.seq AS number, l.id, l.space_id, l.name, l.color, l.position, l.created_by, l.created_at, l.updated_at, l.seq
FROM spaces s
LEFT JOIN (
  SELECT * FROM labels l
  WHERE l.space_id = $1 AND l.deleted_seq IS NULL AND ($3::text IS NULL OR (l.position, l.id) > ($3, $4::uuid))
  ORDER BY l.position, l.id
  LIMIT $2
) l ON true
WHERE s.space_id = $1
ORDER BY l.position, l.id;

-- name: label_named
-- The label that has a name, in whichever letters: the database says which are the same. It reads all of the space's labels, for lower() is not leakproof: the wall comes before it, and before the index over it.
SELECT l.id, l.space_id, l.name, l.color, l.position, l.created_by, l.created_at, l.updated_at, l.seq
FROM labels l
WHERE l.space_id = $1 AND lower(l.name) = lower($2) AND l.deleted_seq IS NULL;

-- name: labels_there
-- Which of these ids are labels that are not deleted.
SELECT l.id FROM labels l
WHERE l.space_id = $1 AND l.id = ANY($2::uuid[]) AND l.deleted_seq IS NULL
ORDER BY l.id;

-- name: rewrite_label
-- A label as it is from now on.
UPDATE labels AS l SET name = $3, color = $4, position = $5, updated_at = $6, seq = $7
WHERE l.space_id = $1 AND l.id = $2
RETURNING l.id, l.space_id, l.name, l.color, l.position, l.created_by, l.created_at, l.updated_at, l.seq;

-- name: all_labels
-- The labels behind an id (null: from the first on), in the order of their ids.
SELECT l.id, l.space_id, l.name, l.color, l.position, l.created_by, l.created_at, l.updated_at, l.seq
FROM labels l
WHERE l.space_id = $1 AND ($2::uuid IS NULL OR l.id > $2) AND l.deleted_seq IS NULL
ORDER BY l.id
LIMIT $3;

-- name: arrive_labels
-- Labels from elsewhere, as JSON.
INSERT INTO labels AS l (space_id, id, name, color, position, created_by, created_at, updated_at, seq, created_seq)
SELECT s.space_id, u.id, u.name, u.color, u.position, u.created_by, u.created_at, u.updated_at, u.seq, u.seq
FROM spaces s, jsonb_to_recordset($2::jsonb) AS u (id uuid, name text, color text, position text, created_by uuid, created_at timestamptz, updated_at timestamptz, seq bigint)
WHERE s.space_id = $1;
