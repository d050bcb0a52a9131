-- Looks the rows through that were there before the foreign keys of tasks: without a lock that a write waits for.
ALTER TABLE tasks VALIDATE CONSTRAINT tasks_project;
ALTER TABLE tasks VALIDATE CONSTRAINT tasks_section;
ALTER TABLE tasks VALIDATE CONSTRAINT tasks_parent;
