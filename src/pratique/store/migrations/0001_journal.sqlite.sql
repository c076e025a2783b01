CREATE TABLE journal (
    sequence INTEGER PRIMARY KEY,
    sender TEXT NOT NULL,
    request TEXT NOT NULL,
    request_hash TEXT NOT NULL,
    kind TEXT NOT NULL,
    declaration TEXT NOT NULL,
    version INTEGER NOT NULL,
    destination TEXT NOT NULL,
    code TEXT NOT NULL,
    state TEXT NOT NULL,
    form TEXT NOT NULL,
    recorded_at TEXT NOT NULL,
    digest TEXT NOT NULL,
    source BLOB NOT NULL,
    body BLOB NOT NULL,
    answer BLOB NOT NULL,
    UNIQUE (request, sender),
    UNIQUE (declaration, sender, version)
);
-- Derived from the journal: where each declaration stands, and which entries name a parcel.
CREATE TABLE latest (
    declaration TEXT NOT NULL,
    sender TEXT NOT NULL,
    version INTEGER NOT NULL,
    sequence INTEGER NOT NULL REFERENCES journal (sequence),
    destination TEXT NOT NULL,
    code TEXT NOT NULL,
    state TEXT NOT NULL,
    recorded_at TEXT NOT NULL,
    PRIMARY KEY (declaration, sender)
) WITHOUT ROWID;
CREATE INDEX latest_sequence ON latest (sequence);
CREATE INDEX latest_state ON latest (state, sequence);
CREATE INDEX latest_destination ON latest (destination, sequence);
CREATE TABLE parcel (
    parcel TEXT NOT NULL,
    sequence INTEGER NOT NULL REFERENCES journal (sequence),
    PRIMARY KEY (parcel, sequence)
) WITHOUT ROWID;
CREATE TRIGGER journal_keeps_rows BEFORE DELETE ON journal
BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;
CREATE TRIGGER journal_keeps_values BEFORE UPDATE ON journal
BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;
-- INSERT OR REPLACE removes rows without asking the trigger on DELETE.
CREATE TRIGGER journal_replaces_nothing BEFORE INSERT ON journal
WHEN EXISTS (SELECT 1 FROM journal WHERE sequence = NEW.sequence)
    OR EXISTS (SELECT 1 FROM journal WHERE request = NEW.request AND sender = NEW.sender)
    OR EXISTS (SELECT 1 FROM journal WHERE declaration = NEW.declaration AND sender = NEW.sender
        AND version = NEW.version)
BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;
