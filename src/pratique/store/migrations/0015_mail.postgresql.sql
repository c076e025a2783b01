CREATE TABLE outgoing (
    id TEXT PRIMARY KEY,
    type TEXT NOT NULL,
    agreement TEXT NOT NULL,
    purpose TEXT NOT NULL,
    consignment TEXT NOT NULL,
    priority TEXT NOT NULL,
    created_at TEXT NOT NULL,
    not_after TEXT NOT NULL,
    digest TEXT NOT NULL,
    elements TEXT NOT NULL,
    envelope BYTEA NOT NULL
);
CREATE TABLE outbox (
    number BIGINT PRIMARY KEY,
    id TEXT NOT NULL REFERENCES outgoing (id),
    recipient TEXT NOT NULL,
    consignment TEXT NOT NULL,
    sequence BIGINT NOT NULL,
    priority TEXT NOT NULL,
    state TEXT NOT NULL,
    tries INTEGER NOT NULL,
    next_at TEXT NOT NULL,
    said TEXT NOT NULL,
    receipt BYTEA NOT NULL,
    UNIQUE (recipient, consignment, sequence),
    UNIQUE (id, recipient)
);
CREATE INDEX outbox_due ON outbox (state, next_at);
CREATE INDEX outbox_feed ON outbox (recipient, state, number);
CREATE TABLE inbox (
    number BIGINT PRIMARY KEY,
    sender TEXT NOT NULL,
    id TEXT NOT NULL,
    digest TEXT NOT NULL,
    type TEXT NOT NULL,
    consignment TEXT NOT NULL,
    sequence BIGINT NOT NULL,
    previous TEXT NOT NULL,
    state TEXT NOT NULL,
    received_at TEXT NOT NULL,
    header TEXT NOT NULL,
    receipt BYTEA NOT NULL,
    content BYTEA NOT NULL,
    UNIQUE (sender, id),
    UNIQUE (sender, consignment, sequence)
);
CREATE INDEX inbox_state ON inbox (state, number);
CREATE TABLE breaker (
    partner TEXT PRIMARY KEY,
    failures INTEGER NOT NULL,
    until TEXT NOT NULL
);
