-- name: insert_comment
-- A new comment; no row where its id is taken, by a deleted one too.
INSERT INTO comments AS c (space_id, id, task_id, author_id, body, mention_ids, created_at, updated_at, seq, created_seq)
VALUES ($1, $2, $3, $4, $5, $6, $7, $7, $8, $8)
ON CONFLICT (space_id, id) DO NOTHING
RETURNING c.id, c.space_id, c.task_id, c.author_id, c.body, c.mention_ids, c.created_at, c.updated_at, c.seq;

-- name: comment
-- A comment that is not deleted.
SELECT c.id, c.space_id, c.task_id, c.author_id, c.body, c.mention_ids, c.created_at, c.updated_at, c.seq
FROM comments c
WHERE c.space_id = $1 AND c.id = $2 AND c.deleted_seq IS NULL;

-- name: comment_at
-- The space's number and, at that number, a comment that is not deleted (all its columns null where there is none).
SELECT s.seq AS number, c.id, c.space_id, c.task_id, c.author_id, c.body, c.mention_ids, c.created_at, c.updated_at, c.seq
FROM spaces s
LEFT JOIN comments c ON c.space_id = s.space_id AND c.id = $2 AND c.deleted_seq IS NULL
WHERE s.space_id = $1;

-- name: list_comments
-- The space's number and, at that number, a page of the comments of a task, or of all, the oldest first.
SELECT s.seq AS number, c.id, c.space_id, c.task_id, c.author_id, c.body, c.mention_ids, c.created_at, c.updated_at, c.seq
FROM spaces s
LEFT JOIN (
  SELECT * FROM comments c
  WHERE c.space_id = $1 AND c.deleted_seq IS NULL AND ($3::uuid IS NULL OR c.task_id = $3)
    AND ($4::timestamptz IS NULL OR (c.created_at, c.id) > ($4, $5::uuid))
  ORDER BY c.created_at, c.id
  LIMIT $2
) c ON true
WHERE s.space_id = $1
ORDER BY c.created_at, c.id;

-- name: rewrite_comment
-- A comment as it is from now on.
UPDATE comments AS c SET body = $3, mention_ids = $4, updated_at = $5, seq = $6
WHERE c.space_id = $1 AND c.id = $2
RETURNING c.id, c.space_id, c.task_id, c.author_id, c.body, c.mention_ids, c.created_at, c.updated_at, c.seq;

-- name: present_members
-- Which of these accounts are in the space now.
SELECT m.account_id FROM memberships m
WHERE m.space_id = $1 AND m.account_id = ANY($2::uuid[]) AND m.role <> 'former';

-- name: all_comments
-- The comments behind an id (null: from the first on), in the order of their ids.
SELECT c.id, c.space_id, c.task_id, c.author_id, c.body, c.mention_ids, c.created_at, c.updated_at, c.seq
FROM comments c
WHERE c.space_id = $1 AND ($2::uuid IS NULL OR c.id > $2) AND c.deleted_seq IS NULL
ORDER BY c.id
LIMIT $3;

-- name: arrive_comments
-- Comments from elsewhere, as JSON; one that comes back does so in the row that it left.
INSERT INTO comments AS c (space_id, id, task_id, author_id, body, mention_ids, created_at, updated_at, seq, created_seq)
SELECT s.space_id, u.id, u.task_id, u.author_id, u.body, u.mention_ids, u.created_at, u.updated_at, u.seq, u.created_seq
FROM spaces s, jsonb_to_recordset($2::jsonb) AS u (id uuid, task_id uuid, author_id uuid, body text, mention_ids uuid[], created_at timestamptz, updated_at timestamptz, seq bigint, created_seq bigint)
WHERE s.space_id = $1
ON CONFLICT (space_id, id) DO UPDATE
SET task_id = excluded.task_id, author_id = excluded.author_id, body = excluded.body, mention_ids = excluded.mention_ids, created_at = excluded.created_at, updated_at = excluded.updated_at, seq = excluded.seq, deleted_seq = NULL, moved_to = NULL;
