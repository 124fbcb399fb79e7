-- Who can sign in, and to what: ordinary rows, which change and go. Instants are microseconds since
-- 1970-01-01T00:00:00Z; lists are JSON. What a stranger shows is kept as its SHA-256 and found by that.
--
-- A cluster is sharded by organisation: memberships lie with their organisation. The others are small and are
-- asked before an organisation is known, or for an account in all of them; they belong on every node, as
-- the table of organisations.

CREATE TABLE account (
    id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    email TEXT NOT NULL,
    -- The address in small letters, by which it is found.
    email_key TEXT COLLATE "C" NOT NULL CONSTRAINT account_by_email UNIQUE,
    name TEXT NOT NULL,
    password_hash TEXT,
    totp_secret BYTEA,
    totp_last_step BIGINT,
    disabled BOOLEAN NOT NULL,
    created_at BIGINT NOT NULL,
    password_changed_at BIGINT
);

CREATE TABLE membership (
    organisation TEXT COLLATE "C" NOT NULL REFERENCES organisation (id),
    account TEXT COLLATE "C" NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    person TEXT COLLATE "C",
    role TEXT COLLATE "C" NOT NULL,
    expires_at BIGINT,
    systems TEXT NOT NULL,
    as_of TEXT,
    PRIMARY KEY (organisation, account)
);

CREATE INDEX membership_by_account ON membership (account);

CREATE TABLE session (
    hash BYTEA NOT NULL PRIMARY KEY,
    id TEXT COLLATE "C" NOT NULL,
    account TEXT COLLATE "C" NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    created_at BIGINT NOT NULL,
    last_seen_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    label TEXT NOT NULL,
    csrf BYTEA NOT NULL,
    UNIQUE (account, id)
);

CREATE INDEX session_by_expiry ON session (expires_at);

CREATE TABLE api_token (
    hash BYTEA NOT NULL PRIMARY KEY,
    id TEXT COLLATE "C" NOT NULL,
    account TEXT COLLATE "C" NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    organisation TEXT COLLATE "C" NOT NULL REFERENCES organisation (id),
    name TEXT NOT NULL,
    scopes TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT,
    last_used_at BIGINT,
    UNIQUE (organisation, id)
);

CREATE INDEX api_token_by_account ON api_token (account);

CREATE TABLE invitation (
    hash BYTEA NOT NULL PRIMARY KEY,
    id TEXT COLLATE "C" NOT NULL,
    organisation TEXT COLLATE "C" NOT NULL REFERENCES organisation (id),
    email TEXT NOT NULL,
    role TEXT COLLATE "C" NOT NULL,
    person TEXT COLLATE "C",
    systems TEXT NOT NULL,
    as_of TEXT,
    membership_expires_at BIGINT,
    -- An account that may be gone, so no reference.
    invited_by TEXT COLLATE "C" NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    UNIQUE (organisation, id)
);

CREATE TABLE passkey (
    id BYTEA NOT NULL PRIMARY KEY,
    account TEXT COLLATE "C" NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    name TEXT NOT NULL,
    credential TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    last_used_at BIGINT
);

CREATE INDEX passkey_by_account ON passkey (account);

CREATE TABLE pending_secret (
    hash BYTEA NOT NULL PRIMARY KEY,
    purpose TEXT COLLATE "C" NOT NULL,
    account TEXT COLLATE "C" REFERENCES account (id) ON DELETE CASCADE,
    data TEXT NOT NULL,
    expires_at BIGINT NOT NULL
);

CREATE INDEX pending_secret_by_account ON pending_secret (account, purpose)
WHERE account IS NOT NULL;

CREATE INDEX pending_secret_by_expiry ON pending_secret (expires_at);

-- What is counted to keep guessing slow. The key is opaque.
CREATE TABLE attempt (
    number BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    key TEXT COLLATE "C" NOT NULL,
    instant BIGINT NOT NULL
);

CREATE INDEX attempt_by_key ON attempt (key, instant);

CREATE INDEX attempt_by_instant ON attempt (instant);
