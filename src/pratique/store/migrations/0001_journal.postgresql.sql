CREATE TABLE journal (
    sequence BIGINT PRIMARY KEY,
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
    source BYTEA NOT NULL,
    body BYTEA NOT NULL,
    answer BYTEA NOT NULL,
    UNIQUE (request, sender),
    UNIQUE (declaration, sender, version)
);
-- Derived from the journal: where each declaration stands, and which entries name a parcel.
CREATE TABLE latest (
    declaration TEXT NOT NULL,
    sender TEXT NOT NULL,
    version INTEGER NOT NULL,
    sequence BIGINT NOT NULL REFERENCES journal (sequence),
    destination TEXT NOT NULL,
    code TEXT NOT NULL,
    state TEXT NOT NULL,
    recorded_at TEXT NOT NULL,
    PRIMARY KEY (declaration, sender)
);
CREATE INDEX latest_sequence ON latest (sequence);
CREATE INDEX latest_state ON latest (state, sequence);
CREATE INDEX latest_destination ON latest (destination, sequence);
CREATE TABLE parcel (
    parcel TEXT NOT NULL,
    sequence BIGINT NOT NULL REFERENCES journal (sequence),
    PRIMARY KEY (parcel, sequence)
);
CREATE FUNCTION journal_is_append_only() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'the journal is append-only'; END $$;
CREATE TRIGGER journal_keeps_rows BEFORE DELETE OR UPDATE OR TRUNCATE ON journal
FOR EACH STATEMENT EXECUTE FUNCTION journal_is_append_only();
