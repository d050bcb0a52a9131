-- name: count_things
-- How many things a space has that are not deleted.
SELECT (SELECT count(*) FROM labels l WHERE l.space_id = $1 AND l.deleted_seq IS NULL)
  + (SELECT count(*) FROM projects p WHERE p.space_id = $1 AND p.deleted_seq IS NULL)
  + (SELECT count(*) FROM sections n WHERE n.space_id = $1 AND n.deleted_seq IS NULL)
  + (SELECT count(*) FROM tasks t WHERE t.space_id = $1 AND t.deleted_seq IS NULL)
  + (SELECT count(*) FROM comments c WHERE c.space_id = $1 AND c.deleted_seq IS NULL) AS things;

-- name: exported_members
-- The people of a space, the former ones too, in the order in which they came.
SELECT m.account_id AS id, m.role, m.name
FROM memberships m
WHERE m.space_id = $1
ORDER BY m.created_at, m.account_id;
