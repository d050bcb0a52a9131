-- Lets the application delete what has expired, and nothing else of it: functions of the janitor, whose policies show it only that.
CREATE FUNCTION purge_answers(at_most int) RETURNS int
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp
AS $$
DECLARE
  purged int;
BEGIN
  DELETE FROM answers WHERE (space_id, account_id, key) IN (
    SELECT a.space_id, a.account_id, a.key FROM answers a WHERE a.expires_at < now() ORDER BY a.expires_at LIMIT at_most);
  GET DIAGNOSTICS purged = ROW_COUNT;
  RETURN purged;
END $$;

CREATE FUNCTION purge_sessions(at_most int) RETURNS int
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp
AS $$
DECLARE
  purged int;
BEGIN
  DELETE FROM sessions WHERE (space_id, id) IN (
    SELECT s.space_id, s.id FROM sessions s WHERE s.ends_at < now() ORDER BY s.ends_at LIMIT at_most);
  GET DIAGNOSTICS purged = ROW_COUNT;
  RETURN purged;
END $$;

REVOKE ALL ON FUNCTION purge_answers(int), purge_sessions(int) FROM PUBLIC;
GRANT CREATE ON SCHEMA public TO taskflow_janitor;
ALTER FUNCTION purge_answers(int) OWNER TO taskflow_janitor;
ALTER FUNCTION purge_sessions(int) OWNER TO taskflow_janitor;
REVOKE CREATE ON SCHEMA public FROM taskflow_janitor;
SET LOCAL ROLE taskflow_janitor;
GRANT EXECUTE ON FUNCTION purge_answers(int), purge_sessions(int) TO taskflow_app;
SET LOCAL ROLE taskflow_owner;
