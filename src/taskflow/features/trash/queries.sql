-- name: delete_task
-- A task's end: a tombstone, its number that of the deletion.
UPDATE tasks AS t SET deleted_seq = $3, seq = $3, updated_at = $4
WHERE t.space_id = $1 AND t.id = $2;
