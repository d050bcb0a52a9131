-- The history of a task with that of its comments.
-- outside a transaction
CREATE INDEX CONCURRENTLY IF NOT EXISTS activity_task ON activity (space_id, task_id, seq) WHERE task_id IS NOT NULL;
