-- name: insert_activity
-- What was changed in one thing, under the number that the change took.
INSERT INTO activity (space_id, seq, first_seq, at, account_id, operation, kind, entity_id, task_id, changes)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10);

-- name: changes_of
-- All that was changed in a thing since it was made, the oldest first.
SELECT a.changes FROM activity a
WHERE a.space_id = $1 AND a.entity_id = $2
ORDER BY a.seq;
