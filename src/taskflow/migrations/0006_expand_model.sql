-- Labels, projects with their sections, comments and invitations, and what tasks gain with them.
-- A row that points at another of its space keeps doing so when that one is deleted: its tombstone is a row too.
CREATE TABLE labels (
  space_id uuid NOT NULL,
  id uuid NOT NULL,
  name text NOT NULL,
  color text NOT NULL DEFAULT 'stone',
  position text COLLATE "C" NOT NULL,
  created_by uuid NOT NULL,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL,
  seq bigint NOT NULL,
  created_seq bigint NOT NULL,
  deleted_seq bigint,
  moved_to uuid,
  PRIMARY KEY (space_id, id)
);

CREATE TABLE projects (
  space_id uuid NOT NULL,
  id uuid NOT NULL,
  name text NOT NULL,
  color text NOT NULL DEFAULT 'stone',
  position text COLLATE "C" NOT NULL,
  archived_at timestamptz,
  created_by uuid NOT NULL,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL,
  seq bigint NOT NULL,
  created_seq bigint NOT NULL,
  deleted_seq bigint,
  moved_to uuid,
  PRIMARY KEY (space_id, id)
);

CREATE TABLE sections (
  space_id uuid NOT NULL,
  id uuid NOT NULL,
  project_id uuid NOT NULL,
  name text NOT NULL,
  position text COLLATE "C" NOT NULL,
  archived_at timestamptz,
  created_by uuid NOT NULL,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL,
  seq bigint NOT NULL,
  created_seq bigint NOT NULL,
  deleted_seq bigint,
  moved_to uuid,
  PRIMARY KEY (space_id, id),
  FOREIGN KEY (space_id, project_id) REFERENCES projects
);

CREATE TABLE comments (
  space_id uuid NOT NULL,
  id uuid NOT NULL,
  task_id uuid NOT NULL,
  author_id uuid NOT NULL,
  body text NOT NULL,
  mention_ids uuid[] NOT NULL DEFAULT '{}',
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL,
  seq bigint NOT NULL,
  created_seq bigint NOT NULL,
  deleted_seq bigint,
  moved_to uuid,
  PRIMARY KEY (space_id, id),
  FOREIGN KEY (space_id, task_id) REFERENCES tasks
);

CREATE TABLE invitations (
  space_id uuid NOT NULL,
  id uuid NOT NULL,
  secret_hash bytea NOT NULL,
  role text NOT NULL CHECK (role IN ('owner', 'editor', 'commenter', 'viewer')),
  created_by uuid NOT NULL,
  created_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL,
  used_by uuid,
  used_at timestamptz,
  PRIMARY KEY (space_id, id)
);

ALTER TABLE tasks
  ADD COLUMN recurrence text,
  ADD COLUMN recurs_from text CHECK (recurs_from IN ('due', 'completion')),
  ADD COLUMN series_id uuid;
ALTER TABLE tasks
  ADD CONSTRAINT tasks_project FOREIGN KEY (space_id, project_id) REFERENCES projects NOT VALID,
  ADD CONSTRAINT tasks_section FOREIGN KEY (space_id, section_id) REFERENCES sections NOT VALID,
  ADD CONSTRAINT tasks_parent FOREIGN KEY (space_id, parent_id) REFERENCES tasks NOT VALID;

CREATE INDEX labels_seq ON labels (space_id, seq);
CREATE INDEX projects_seq ON projects (space_id, seq);
CREATE INDEX sections_seq ON sections (space_id, seq);
CREATE INDEX sections_project ON sections (space_id, project_id);
CREATE INDEX comments_seq ON comments (space_id, seq);
CREATE INDEX comments_task ON comments (space_id, task_id);
CREATE UNIQUE INDEX labels_name ON labels (space_id, lower(name)) WHERE deleted_seq IS NULL;

DO $$
DECLARE tenant text;
BEGIN
  FOREACH tenant IN ARRAY ARRAY['labels', 'projects', 'sections', 'comments', 'invitations'] LOOP
    EXECUTE format('ALTER TABLE %1$I ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY', tenant);
    EXECUTE format('CREATE POLICY space ON %1$I USING (space_id = nullif(current_setting(''app.space'', true), '''')::uuid)', tenant);
    EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON %1$I TO taskflow_app', tenant);
  END LOOP;
END $$;
