-- Lets the janitor empty the trash after 30 days, and delete the tombstones of every kind after 90.
-- An hour later than undo and the trash say, so that no clock that goes wrong and no transaction under way meets it.
-- The tables of these indexes are as new as this: nobody waits for them.
CREATE INDEX comments_trash ON comments (updated_at) WHERE deleted_seq IS NOT NULL AND body <> '';
CREATE INDEX sections_trash ON sections (updated_at) WHERE deleted_seq IS NOT NULL AND name <> '';
CREATE INDEX projects_trash ON projects (updated_at) WHERE deleted_seq IS NOT NULL AND name <> '';
CREATE INDEX labels_trash ON labels (updated_at) WHERE deleted_seq IS NOT NULL AND name <> '';
CREATE INDEX comments_tombstones ON comments (updated_at) WHERE deleted_seq IS NOT NULL;
CREATE INDEX sections_tombstones ON sections (updated_at) WHERE deleted_seq IS NOT NULL;
CREATE INDEX projects_tombstones ON projects (updated_at) WHERE deleted_seq IS NOT NULL;
CREATE INDEX labels_tombstones ON labels (updated_at) WHERE deleted_seq IS NOT NULL;
CREATE INDEX comments_deletions ON comments (space_id, seq) WHERE deleted_seq IS NOT DISTINCT FROM seq;

DO $$
DECLARE kind text;
BEGIN
  FOREACH kind IN ARRAY ARRAY['comments', 'tasks', 'sections', 'projects', 'labels'] LOOP
    IF kind <> 'tasks' THEN
      EXECUTE format('CREATE POLICY expired ON %I TO taskflow_janitor'
        ' USING (deleted_seq IS NOT NULL AND updated_at < now() - interval ''90 days'')', kind);
    END IF;
    EXECUTE format('CREATE POLICY trash_seen ON %I FOR SELECT TO taskflow_janitor'
      ' USING (deleted_seq IS NOT NULL AND updated_at < now() - interval ''30 days 1 hour'')', kind);
    EXECUTE format('CREATE POLICY trash_emptied ON %I FOR UPDATE TO taskflow_janitor'
      ' USING (deleted_seq IS NOT NULL AND updated_at < now() - interval ''30 days 1 hour'')', kind);
    EXECUTE format('GRANT SELECT, UPDATE, DELETE ON %I TO taskflow_janitor', kind);
  END LOOP;
END $$;
ALTER POLICY expired ON activity USING (at < now() - interval '30 days 1 hour');
CREATE POLICY expired ON invitations TO taskflow_janitor USING (expires_at < now() - interval '30 days');
GRANT SELECT, DELETE ON invitations TO taskflow_janitor;

GRANT CREATE ON SCHEMA public TO taskflow_janitor;
SET LOCAL ROLE taskflow_janitor;

-- What a tombstone says of what was there goes, what it points to as well, and its history: a kind at a time.
CREATE FUNCTION empty_trash(at_most int) RETURNS int
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp
AS $$
DECLARE
  kind text;
  text_column text;
  nothing text;
  emptied int;
BEGIN
  FOR kind, text_column, nothing IN VALUES
    ('comment', 'body', 'body = '''', mention_ids = ''{}'''),
    ('task', 'title', 'title = '''', title_key = '''', description = '''', status = ''todo'', priority = 0, due_date = NULL,'
      ' due_at = NULL, due_zone = NULL, due_local = ''infinity'', recurrence = NULL, recurs_from = NULL, series_id = NULL,'
      ' project_id = NULL, section_id = NULL, parent_id = NULL, label_ids = ''{}'', assignee_id = NULL, position = '''','
      ' completed_at = NULL'),
    ('section', 'name', 'name = '''', position = '''', archived_at = NULL'),
    ('project', 'name', 'name = '''', color = ''stone'', position = '''', archived_at = NULL'),
    ('label', 'name', 'name = '''', color = ''stone'', position = ''''')
  LOOP
    EXECUTE format($sql$
      WITH emptied AS (
        UPDATE %1$I k SET %3$s WHERE (k.space_id, k.id) IN (
          SELECT o.space_id, o.id FROM %1$I o
          WHERE o.deleted_seq IS NOT NULL AND o.%2$I <> '' AND o.updated_at < now() - interval '30 days 1 hour'
          ORDER BY o.updated_at LIMIT $1)
        RETURNING k.space_id, k.id),
      untold AS (
        DELETE FROM activity a USING emptied e
        WHERE a.space_id = e.space_id AND a.entity_id = e.id AND a.kind = %4$L)
      SELECT count(*) FROM emptied
    $sql$, kind || 's', text_column, nothing, kind) INTO emptied USING at_most;
    IF emptied = at_most THEN
      RETURN emptied;
    END IF;
  END LOOP;
  RETURN 0;
END $$;

-- What points to others goes before them: a kind begins when the one before it is gone.
-- A row that something living points to, which must not be, stays; it keeps no other from going.
CREATE OR REPLACE FUNCTION purge_tombstones(at_most int) RETURNS int
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp
AS $$
DECLARE
  kind text;
  old text := 'SELECT k.space_id, k.id FROM %1$I k'
    ' WHERE k.deleted_seq IS NOT NULL AND k.updated_at < now() - interval ''90 days'' ORDER BY k.updated_at LIMIT $1';
  one record;
  purged int;
BEGIN
  FOREACH kind IN ARRAY ARRAY['comments', 'tasks', 'sections', 'projects', 'labels'] LOOP
    BEGIN
      EXECUTE format('DELETE FROM %1$I WHERE (space_id, id) IN (' || old || ')', kind) USING at_most;
      GET DIAGNOSTICS purged = ROW_COUNT;
    EXCEPTION WHEN foreign_key_violation THEN
      purged := 0;
      FOR one IN EXECUTE format(old, kind) USING at_most LOOP
        BEGIN
          EXECUTE format('DELETE FROM %1$I WHERE space_id = $1 AND id = $2', kind) USING one.space_id, one.id;
          purged := purged + 1;
        EXCEPTION WHEN foreign_key_violation THEN
          NULL;
        END;
      END LOOP;
    END;
    IF purged = at_most THEN
      RETURN purged;
    END IF;
  END LOOP;
  RETURN 0;
END $$;

CREATE FUNCTION purge_invitations(at_most int) RETURNS int
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp
AS $$
DECLARE
  purged int;
BEGIN
  DELETE FROM invitations WHERE (space_id, id) IN (
    SELECT i.space_id, i.id FROM invitations i
    WHERE i.expires_at < now() - interval '30 days' ORDER BY i.expires_at LIMIT at_most);
  GET DIAGNOSTICS purged = ROW_COUNT;
  RETURN purged;
END $$;

REVOKE ALL ON FUNCTION empty_trash(int), purge_invitations(int) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION empty_trash(int), purge_invitations(int) TO taskflow_app;
SET LOCAL ROLE taskflow_owner;
REVOKE CREATE ON SCHEMA public FROM taskflow_janitor;
