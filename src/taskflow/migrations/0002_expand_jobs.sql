-- Makes the queue of jobs: one table in a schema of its own that the application role may use and not change.
CREATE SCHEMA jobs;

-- run_at: when it may be taken next. While taken: the end of the lease. Failed for good: infinity.
-- taken: how often it was taken, the fence: who finishes it names the taking that was its own. attempts: those of them that count against the job.
-- period: only of what repeats, which is one row for ever.
CREATE TABLE jobs.queue (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  name text COLLATE "C" NOT NULL,
  key text COLLATE "C",
  payload bytea NOT NULL,
  period interval,
  run_at timestamptz NOT NULL DEFAULT now(),
  taken int NOT NULL DEFAULT 0,
  attempts int NOT NULL DEFAULT 0,
  created_at timestamptz NOT NULL DEFAULT now(),
  failed_at timestamptz,
  error text
) WITH (
  fillfactor = 70,
  -- A small table whose rows come and go: 20 % of it would be vacuumed too late after a burst.
  autovacuum_vacuum_scale_factor = 0.02,
  autovacuum_vacuum_threshold = 500
);
CREATE INDEX queue_run_at ON jobs.queue (run_at);
CREATE UNIQUE INDEX queue_key ON jobs.queue (name, key) WHERE key IS NOT NULL AND taken = 0;
CREATE UNIQUE INDEX queue_period ON jobs.queue (name) WHERE period IS NOT NULL;

GRANT USAGE ON SCHEMA jobs TO taskflow_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON jobs.queue TO taskflow_app;
