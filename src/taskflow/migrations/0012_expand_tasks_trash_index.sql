-- Finds what in the trash has not been emptied yet.
-- outside a transaction
CREATE INDEX CONCURRENTLY IF NOT EXISTS tasks_trash ON tasks (updated_at) WHERE deleted_seq IS NOT NULL AND title <> '';
