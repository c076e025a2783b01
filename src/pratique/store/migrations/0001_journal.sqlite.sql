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
    source BLOB NOT NULL,
    body BLOB NOT NULL,
    answer BLOB NOT NULL,
    recorded_at TEXT NOT NULL,
    digest TEXT NOT NULL,
    UNIQUE (sender, request),
    UNIQUE (sender, declaration, version)
);
CREATE INDEX journal_declaration ON journal (declaration);
CREATE INDEX journal_state ON journal (state, sequence);
CREATE TABLE parcel (
    parcel TEXT NOT NULL,
    sequence INTEGER NOT NULL REFERENCES journal (sequence),
    PRIMARY KEY (parcel, sequence)
) WITHOUT ROWID;
CREATE TRIGGER journal_keeps_rows BEFORE DELETE ON journal
BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;
CREATE TRIGGER journal_keeps_values BEFORE UPDATE ON journal
BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;
