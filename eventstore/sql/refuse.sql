-- refuse.sql: what the triggers on the log's tables answer to every statement that would change what was
-- appended; it steps aside for eventstore_erase (erase.sql) alone.
CREATE OR REPLACE FUNCTION eventstore_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND current_setting('eventstore.erasing', true) = '1' THEN
        RETURN NULL;
    END IF;
    RAISE EXCEPTION 'The log is append-only: % on % is refused.', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation',
              HINT = 'Content that must go is erased by manage.py erase; see the documentation.';
END $$;
