-- What comes later in a series: asked for whenever a recurring task gets done, or not done after all.
-- outside a transaction
CREATE INDEX CONCURRENTLY IF NOT EXISTS tasks_series ON tasks (space_id, series_id, due_local) WHERE series_id IS NOT NULL AND deleted_seq IS NULL;
