-- Who can sign in, and to what: ordinary rows, which change and go. Instants are microseconds since
-- 1970-01-01T00:00:00Z; lists are JSON. What a stranger shows is kept as its SHA-256 and found by that.

CREATE TABLE account (
    id TEXT NOT NULL PRIMARY KEY,
    email TEXT NOT NULL,
    -- The address in small letters, by which it is found.
    email_key TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    password_hash TEXT,
    totp_secret BLOB,
    totp_last_step INTEGER,
    disabled INTEGER NOT NULL CHECK (disabled IN (0, 1)),
    created_at INTEGER NOT NULL,
    password_changed_at INTEGER
) STRICT;

CREATE TABLE membership (
    organisation TEXT NOT NULL REFERENCES organisation (id),
    account TEXT NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    person TEXT,
    role TEXT NOT NULL,
    expires_at INTEGER,
    systems TEXT NOT NULL,
    as_of TEXT,
    PRIMARY KEY (organisation, account)
) STRICT, WITHOUT ROWID;

CREATE INDEX membership_by_account ON membership (account);

CREATE TABLE session (
    hash BLOB NOT NULL PRIMARY KEY,
    id TEXT NOT NULL,
    account TEXT NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    created_at INTEGER NOT NULL,
    last_seen_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    label TEXT NOT NULL,
    csrf BLOB NOT NULL,
    UNIQUE (account, id)
) STRICT;

CREATE INDEX session_by_expiry ON session (expires_at);

CREATE TABLE api_token (
    hash BLOB NOT NULL PRIMARY KEY,
    id TEXT NOT NULL,
    account TEXT NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    organisation TEXT NOT NULL REFERENCES organisation (id),
    name TEXT NOT NULL,
    scopes TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    expires_at INTEGER,
    last_used_at INTEGER,
    UNIQUE (organisation, id)
) STRICT;

CREATE INDEX api_token_by_account ON api_token (account);

CREATE TABLE invitation (
    hash BLOB NOT NULL PRIMARY KEY,
    id TEXT NOT NULL,
    organisation TEXT NOT NULL REFERENCES organisation (id),
    email TEXT NOT NULL,
    role TEXT NOT NULL,
    person TEXT,
    systems TEXT NOT NULL,
    as_of TEXT,
    membership_expires_at INTEGER,
    -- An account that may be gone, so no reference.
    invited_by TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    UNIQUE (organisation, id)
) STRICT;

CREATE TABLE passkey (
    id BLOB NOT NULL PRIMARY KEY,
    account TEXT NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    name TEXT NOT NULL,
    credential TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    last_used_at INTEGER
) STRICT;

CREATE INDEX passkey_by_account ON passkey (account);

CREATE TABLE pending_secret (
    hash BLOB NOT NULL PRIMARY KEY,
    purpose TEXT NOT NULL,
    account TEXT REFERENCES account (id) ON DELETE CASCADE,
    data TEXT NOT NULL,
    expires_at INTEGER NOT NULL
) STRICT;

CREATE INDEX pending_secret_by_account ON pending_secret (account, purpose)
WHERE account IS NOT NULL;

CREATE INDEX pending_secret_by_expiry ON pending_secret (expires_at);

-- What is counted to keep guessing slow. The key is opaque.
CREATE TABLE attempt (
    number INTEGER PRIMARY KEY,
    key TEXT NOT NULL,
    instant INTEGER NOT NULL
) STRICT;

CREATE INDEX attempt_by_key ON attempt (key, instant);

CREATE INDEX attempt_by_instant ON attempt (instant);
