CREATE TABLE log_entry (
    number INTEGER PRIMARY KEY,
    entry BLOB NOT NULL,
    leaf BLOB NOT NULL
);
CREATE TABLE log_hash (
    level INTEGER NOT NULL,
    number INTEGER NOT NULL,
    hash BLOB NOT NULL,
    PRIMARY KEY (level, number)
);
CREATE TABLE log_checkpoint (
    number INTEGER PRIMARY KEY,
    note BLOB NOT NULL
);
CREATE TABLE log_cosignature (
    checkpoint INTEGER NOT NULL,
    line BLOB NOT NULL,
    PRIMARY KEY (checkpoint, line)
);
CREATE TABLE log_witnessed (
    origin BLOB NOT NULL,
    size INTEGER NOT NULL,
    note BLOB NOT NULL,
    PRIMARY KEY (origin, size)
);
CREATE TRIGGER log_entry_keeps_rows BEFORE DELETE ON log_entry
BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END;
CREATE TRIGGER log_entry_keeps_values BEFORE UPDATE ON log_entry
BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END;
CREATE TRIGGER log_hash_keeps_rows BEFORE DELETE ON log_hash
BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END;
CREATE TRIGGER log_hash_keeps_values BEFORE UPDATE ON log_hash
BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END;
CREATE TRIGGER log_checkpoint_keeps_rows BEFORE DELETE ON log_checkpoint
BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END;
CREATE TRIGGER log_checkpoint_keeps_values BEFORE UPDATE ON log_checkpoint
BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END;
CREATE TRIGGER log_cosignature_keeps_rows BEFORE DELETE ON log_cosignature
BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END;
CREATE TRIGGER log_cosignature_keeps_values BEFORE UPDATE ON log_cosignature
BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END;
CREATE TRIGGER log_witnessed_keeps_rows BEFORE DELETE ON log_witnessed
BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END;
CREATE TRIGGER log_witnessed_keeps_values BEFORE UPDATE ON log_witnessed
BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END;
