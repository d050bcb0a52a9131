-- Finds the tombstones that are old enough to go; there are few of them beside what lives.
-- outside a transaction
CREATE INDEX CONCURRENTLY IF NOT EXISTS tasks_tombstones ON tasks (updated_at) WHERE deleted_seq IS NOT NULL;
