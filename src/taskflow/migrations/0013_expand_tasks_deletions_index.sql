-- The tasks that were deleted by name: entries of the trash.
-- outside a transaction
-- IS NOT DISTINCT FROM, for an equality would let the planner take all spaces' tombstones for this query too.
CREATE INDEX CONCURRENTLY IF NOT EXISTS tasks_deletions ON tasks (space_id, seq) WHERE deleted_seq IS NOT DISTINCT FROM seq;
