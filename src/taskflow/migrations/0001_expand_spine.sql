-- Accounts, sessions, spaces with their number, tasks, activity and answers, each tenant table behind its wall.
-- deleted_seq: the number of the deleting operation: tombstone, trash and undo group in one. created_seq: what undo of a create finds.
-- moved_to: the space that a row went to. own_seq: the number of the space's own row. No foreign key to spaces: the lock proves that it is there.
CREATE TABLE installation (
  one bool PRIMARY KEY DEFAULT true CHECK (one),
  epoch int NOT NULL DEFAULT 1
);
INSERT INTO installation DEFAULT VALUES;

CREATE TABLE signing_keys (
  kid text PRIMARY KEY,
  purpose text NOT NULL CHECK (purpose IN ('access', 'cursor', 'sync')),
  secret bytea NOT NULL,
  public bytea,
  signs_from timestamptz NOT NULL,
  verifies_until timestamptz NOT NULL DEFAULT 'infinity'
);

CREATE TABLE accounts (
  account_id uuid PRIMARY KEY,
  email text NOT NULL,
  email_key text COLLATE "C" NOT NULL UNIQUE,
  password_hash text NOT NULL,
  name text NOT NULL,
  avatar text,
  locale text NOT NULL DEFAULT 'en',
  time_zone text NOT NULL DEFAULT 'UTC',
  created_at timestamptz NOT NULL,
  disabled_at timestamptz
);

-- fillfactor: the number of a space is rewritten by every write, in place while there is room on its page.
CREATE TABLE spaces (
  space_id uuid PRIMARY KEY,
  kind text NOT NULL CHECK (kind IN ('personal', 'team')),
  name text NOT NULL DEFAULT '',
  seq bigint NOT NULL,
  epoch_floor bigint NOT NULL DEFAULT 0,
  own_seq bigint NOT NULL,
  created_by uuid NOT NULL,
  created_at timestamptz NOT NULL
) WITH (fillfactor = 50);

CREATE TABLE memberships (
  space_id uuid NOT NULL,
  account_id uuid NOT NULL,
  role text NOT NULL CHECK (role IN ('owner', 'editor', 'commenter', 'viewer', 'former')),
  name text NOT NULL,
  avatar text,
  seq bigint NOT NULL,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL,
  PRIMARY KEY (space_id, account_id)
);

CREATE TABLE entries (
  space_id uuid NOT NULL,
  team_id uuid NOT NULL,
  role text NOT NULL CHECK (role IN ('owner', 'editor', 'commenter', 'viewer', 'former')),
  seq bigint NOT NULL,
  PRIMARY KEY (space_id, team_id)
);

CREATE TABLE sessions (
  space_id uuid NOT NULL,
  id uuid NOT NULL,
  refresh_hash bytea NOT NULL,
  previous_hash bytea,
  rotated_at timestamptz NOT NULL,
  successor bytea,
  name text NOT NULL,
  address inet,
  created_at timestamptz NOT NULL,
  last_used_at timestamptz NOT NULL,
  idle_at timestamptz NOT NULL,
  ends_at timestamptz NOT NULL,
  revoked_at timestamptz,
  PRIMARY KEY (space_id, id)
);

CREATE TABLE tasks (
  space_id uuid NOT NULL,
  id uuid NOT NULL,
  title text NOT NULL,
  title_key text COLLATE "C" NOT NULL,
  description text NOT NULL DEFAULT '',
  status text NOT NULL CHECK (status IN ('todo', 'in_progress', 'done')),
  priority smallint NOT NULL CHECK (priority BETWEEN 0 AND 3),
  due_date date,
  due_at timestamptz,
  due_zone text,
  due_local timestamp NOT NULL DEFAULT 'infinity',
  project_id uuid,
  section_id uuid,
  parent_id uuid,
  label_ids uuid[] NOT NULL DEFAULT '{}',
  assignee_id uuid,
  position text COLLATE "C" NOT NULL,
  created_by uuid NOT NULL,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL,
  completed_at timestamptz,
  seq bigint NOT NULL,
  created_seq bigint NOT NULL,
  deleted_seq bigint,
  moved_to uuid,
  PRIMARY KEY (space_id, id),
  CHECK (due_date IS NULL OR due_at IS NULL),
  CHECK ((due_at IS NULL) = (due_zone IS NULL))
);

CREATE TABLE activity (
  space_id uuid NOT NULL,
  seq bigint NOT NULL,
  first_seq bigint NOT NULL,
  at timestamptz NOT NULL,
  account_id uuid NOT NULL,
  operation text NOT NULL,
  kind text NOT NULL,
  entity_id uuid NOT NULL,
  task_id uuid,
  changes jsonb NOT NULL,
  PRIMARY KEY (space_id, seq)
);

CREATE TABLE answers (
  space_id uuid NOT NULL,
  account_id uuid NOT NULL,
  key text COLLATE "C" NOT NULL,
  fingerprint bytea NOT NULL,
  status smallint NOT NULL,
  body bytea NOT NULL,
  expires_at timestamptz NOT NULL,
  PRIMARY KEY (space_id, account_id, key)
);

CREATE INDEX memberships_seq ON memberships (space_id, seq);
CREATE INDEX tasks_seq ON tasks (space_id, seq);
CREATE INDEX tasks_created ON tasks (space_id, created_at DESC, id DESC) WHERE deleted_seq IS NULL;
CREATE INDEX tasks_due ON tasks (space_id, due_local, id) WHERE deleted_seq IS NULL;
CREATE INDEX activity_entity ON activity (space_id, entity_id, seq);
CREATE INDEX answers_expiry ON answers (expires_at);
CREATE INDEX sessions_end ON sessions (ends_at);

DO $$
DECLARE tenant text;
BEGIN
  FOREACH tenant IN ARRAY ARRAY['spaces', 'memberships', 'entries', 'sessions', 'tasks', 'activity', 'answers'] LOOP
    EXECUTE format('ALTER TABLE %1$I ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY', tenant);
    EXECUTE format('CREATE POLICY space ON %1$I USING (space_id = nullif(current_setting(''app.space'', true), '''')::uuid)', tenant);
    EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON %1$I TO taskflow_app', tenant);
  END LOOP;
END $$;
ALTER TABLE accounts ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY own ON accounts USING (account_id = nullif(current_setting('app.space', true), '')::uuid);
CREATE POLICY login ON accounts FOR SELECT TO taskflow_login USING (true);
CREATE POLICY expired ON answers TO taskflow_janitor USING (expires_at < now());
CREATE POLICY expired ON sessions TO taskflow_janitor USING (ends_at < now());

GRANT SELECT ON installation, signing_keys TO taskflow_app;
GRANT SELECT, INSERT, UPDATE ON accounts TO taskflow_app;
GRANT SELECT (account_id, email_key, password_hash, disabled_at) ON accounts TO taskflow_login;
GRANT SELECT, DELETE ON answers, sessions TO taskflow_janitor;

-- The one thing that may be asked over all accounts: whose address is this, and what proves it.
CREATE FUNCTION find_login(address text) RETURNS TABLE (account_id uuid, password_hash text, disabled_at timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
AS $$ SELECT a.account_id, a.password_hash, a.disabled_at FROM accounts a WHERE a.email_key = address $$;
REVOKE ALL ON FUNCTION find_login(text) FROM PUBLIC;
GRANT CREATE ON SCHEMA public TO taskflow_login;
ALTER FUNCTION find_login(text) OWNER TO taskflow_login;
REVOKE CREATE ON SCHEMA public FROM taskflow_login;
SET LOCAL ROLE taskflow_login;
GRANT EXECUTE ON FUNCTION find_login(text) TO taskflow_app;
SET LOCAL ROLE taskflow_owner;
