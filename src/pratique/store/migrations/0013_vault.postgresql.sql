CREATE TABLE vault (
    consignment TEXT PRIMARY KEY,
    holder TEXT NOT NULL,
    sealed_at TEXT NOT NULL,
    keep_until TEXT NOT NULL,
    purposes TEXT NOT NULL,
    shredded_at TEXT NOT NULL DEFAULT ''
);
CREATE INDEX vault_keep_until ON vault (shredded_at, keep_until);
CREATE TABLE vault_element (
    consignment TEXT NOT NULL REFERENCES vault (consignment),
    field TEXT NOT NULL,
    paths TEXT NOT NULL,
    privacy TEXT NOT NULL,
    sealed BYTEA NOT NULL,
    PRIMARY KEY (consignment, field)
);
CREATE TABLE vault_hold (
    consignment TEXT PRIMARY KEY REFERENCES vault (consignment),
    because TEXT NOT NULL,
    ordered_by TEXT NOT NULL,
    held_at TEXT NOT NULL
);
CREATE TABLE read_audit (
    sequence BIGINT PRIMARY KEY,
    read_at TEXT NOT NULL,
    reader TEXT NOT NULL,
    party TEXT NOT NULL,
    role TEXT NOT NULL,
    purpose TEXT NOT NULL,
    consignment TEXT NOT NULL,
    fields TEXT NOT NULL,
    privacy TEXT NOT NULL,
    agreement TEXT NOT NULL,
    rule TEXT NOT NULL,
    policy TEXT NOT NULL
);
CREATE INDEX read_audit_consignment ON read_audit (consignment);
CREATE FUNCTION read_audit_is_append_only() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'the read audit is append-only'; END $$;
CREATE TRIGGER read_audit_keeps_rows BEFORE DELETE OR UPDATE OR TRUNCATE ON read_audit
FOR EACH STATEMENT EXECUTE FUNCTION read_audit_is_append_only();
