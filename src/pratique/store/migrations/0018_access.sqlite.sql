CREATE TABLE client (
    id TEXT PRIMARY KEY,
    tenant TEXT NOT NULL,
    roles TEXT NOT NULL,
    scopes TEXT NOT NULL,
    certificates TEXT NOT NULL,
    registered_at TEXT NOT NULL,
    revoked_at TEXT NOT NULL DEFAULT '',
    because TEXT NOT NULL DEFAULT ''
);
CREATE TABLE client_key (
    client TEXT NOT NULL REFERENCES client (id),
    kid TEXT NOT NULL,
    jwk TEXT NOT NULL,
    not_before TEXT NOT NULL,
    not_after TEXT NOT NULL,
    PRIMARY KEY (client, kid)
);
CREATE TABLE client_assertion (
    client TEXT NOT NULL REFERENCES client (id),
    id TEXT NOT NULL,
    until INTEGER NOT NULL,
    PRIMARY KEY (client, id)
) WITHOUT ROWID;
CREATE INDEX client_assertion_until ON client_assertion (until);
CREATE TABLE intersection_run (
    sequence INTEGER PRIMARY KEY,
    run TEXT NOT NULL,
    step TEXT NOT NULL,
    at TEXT NOT NULL,
    partner TEXT NOT NULL,
    agreement TEXT NOT NULL,
    purpose TEXT NOT NULL,
    case_number TEXT NOT NULL,
    kind TEXT NOT NULL,
    reveals TEXT NOT NULL,
    rule TEXT NOT NULL,
    own_size INTEGER NOT NULL,
    partner_size INTEGER NOT NULL,
    found INTEGER,
    UNIQUE (run, step)
);
CREATE INDEX intersection_run_partner ON intersection_run (partner, step, at);
CREATE TRIGGER intersection_run_keeps_rows BEFORE DELETE ON intersection_run
BEGIN SELECT RAISE(ABORT, 'the runs of intersection are append-only'); END;
CREATE TRIGGER intersection_run_keeps_values BEFORE UPDATE ON intersection_run
BEGIN SELECT RAISE(ABORT, 'the runs of intersection are append-only'); END;
