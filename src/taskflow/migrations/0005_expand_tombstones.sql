-- Lets the janitor delete the tombstones of tasks after 90 days, with all that was ever told of them.
-- A device that was away for longer loads its spaces anew (a sync cursor lives 89 days), so nobody misses them.
CREATE POLICY expired ON tasks TO taskflow_janitor
  USING (deleted_seq IS NOT NULL AND updated_at < now() - interval '90 days');
CREATE POLICY expired ON activity TO taskflow_janitor USING (at < now() - interval '90 days');
GRANT SELECT, DELETE ON tasks, activity TO taskflow_janitor;

CREATE FUNCTION purge_tombstones(at_most int) RETURNS int
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp
AS $$
DECLARE
  purged int;
BEGIN
  WITH gone AS (
    DELETE FROM tasks WHERE (space_id, id) IN (
      SELECT t.space_id, t.id FROM tasks t
      WHERE t.deleted_seq IS NOT NULL AND t.updated_at < now() - interval '90 days'
      ORDER BY t.updated_at LIMIT at_most)
    RETURNING space_id, id),
  told AS (
    DELETE FROM activity a USING gone g WHERE a.space_id = g.space_id AND a.entity_id = g.id)
  SELECT count(*) INTO purged FROM gone;
  RETURN purged;
END $$;

REVOKE ALL ON FUNCTION purge_tombstones(int) FROM PUBLIC;
GRANT CREATE ON SCHEMA public TO taskflow_janitor;
ALTER FUNCTION purge_tombstones(int) OWNER TO taskflow_janitor;
REVOKE CREATE ON SCHEMA public FROM taskflow_janitor;
SET LOCAL ROLE taskflow_janitor;
GRANT EXECUTE ON FUNCTION purge_tombstones(int) TO taskflow_app;
SET LOCAL ROLE taskflow_owner;
