CREATE TABLE log_entry (
    number BIGINT PRIMARY KEY,
    entry BYTEA NOT NULL,
    leaf BYTEA NOT NULL
);
CREATE TABLE log_hash (
    level INTEGER NOT NULL,
    number BIGINT NOT NULL,
    hash BYTEA NOT NULL,
    PRIMARY KEY (level, number)
);
CREATE TABLE log_checkpoint (
    number BIGINT PRIMARY KEY,
    note BYTEA NOT NULL
);
CREATE TABLE log_cosignature (
    checkpoint BIGINT NOT NULL,
    line BYTEA NOT NULL,
    PRIMARY KEY (checkpoint, line)
);
CREATE TABLE log_witnessed (
    origin BYTEA NOT NULL,
    size BIGINT NOT NULL,
    note BYTEA NOT NULL,
    PRIMARY KEY (origin, size)
);
CREATE FUNCTION log_is_append_only() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'the log is append-only'; END $$;
CREATE TRIGGER log_entry_keeps_rows BEFORE DELETE OR UPDATE OR TRUNCATE ON log_entry
FOR EACH STATEMENT EXECUTE FUNCTION log_is_append_only();
CREATE TRIGGER log_hash_keeps_rows BEFORE DELETE OR UPDATE OR TRUNCATE ON log_hash
FOR EACH STATEMENT EXECUTE FUNCTION log_is_append_only();
CREATE TRIGGER log_checkpoint_keeps_rows BEFORE DELETE OR UPDATE OR TRUNCATE ON log_checkpoint
FOR EACH STATEMENT EXECUTE FUNCTION log_is_append_only();
CREATE TRIGGER log_cosignature_keeps_rows BEFORE DELETE OR UPDATE OR TRUNCATE ON log_cosignature
FOR EACH STATEMENT EXECUTE FUNCTION log_is_append_only();
CREATE TRIGGER log_witnessed_keeps_rows BEFORE DELETE OR UPDATE OR TRUNCATE ON log_witnessed
FOR EACH STATEMENT EXECUTE FUNCTION log_is_append_only();
