-- A project's tasks in their order by hand; and what a project takes along when it goes.
-- outside a transaction
CREATE INDEX CONCURRENTLY IF NOT EXISTS tasks_project_position ON tasks (space_id, project_id, position, id) WHERE deleted_seq IS NULL;
