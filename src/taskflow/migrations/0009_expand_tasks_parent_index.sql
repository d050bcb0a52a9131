-- The sub-tasks of a task.
-- outside a transaction
CREATE INDEX CONCURRENTLY IF NOT EXISTS tasks_parent ON tasks (space_id, parent_id) WHERE parent_id IS NOT NULL;
