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
    source BYTEA NOT NULL,
    body BYTEA NOT NULL,
    answer BYTEA NOT NULL,
    recorded_at TEXT NOT NULL,
    digest TEXT NOT NULL,
    UNIQUE (sender, request),
    UNIQUE (sender, declaration, version)
);
CREATE INDEX journal_declaration ON journal (declaration);
CREATE INDEX journal_state ON journal (state, sequence);
CREATE TABLE parcel (
    parcel TEXT NOT NULL,
    sequence BIGINT NOT NULL REFERENCES journal (sequence),
    PRIMARY KEY (parcel, sequence)
);
CREATE FUNCTION journal_is_append_only() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'the journal is append-only'; END $$;
CREATE TRIGGER journal_keeps_rows BEFORE DELETE OR UPDATE OR TRUNCATE ON journal
FOR EACH STATEMENT EXECUTE FUNCTION journal_is_append_only();
