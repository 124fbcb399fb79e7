-- Ledgers and what stands beside them. Instants are microseconds since 1970-01-01T00:00:00Z.
-- Entries are read and written by organisation first; no query crosses organisations.

CREATE TABLE organisation (
    id TEXT NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    origin TEXT NOT NULL,
    created_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Not WITHOUT ROWID: rows are far larger than the twentieth of a page up to which that pays.
CREATE TABLE entry (
    organisation TEXT NOT NULL REFERENCES organisation (id),
    seq INTEGER NOT NULL CHECK (seq >= 0),
    instant INTEGER NOT NULL,
    idempotency_key TEXT,
    subject TEXT,
    header BLOB NOT NULL,
    salt BLOB,
    payload BLOB,
    PRIMARY KEY (organisation, seq),
    CHECK ((salt IS NULL) = (payload IS NULL))
) STRICT;

CREATE INDEX entry_by_instant ON entry (organisation, instant, seq);

CREATE UNIQUE INDEX entry_by_idempotency_key ON entry (organisation, idempotency_key)
WHERE idempotency_key IS NOT NULL;

CREATE INDEX entry_by_subject ON entry (organisation, subject, seq)
WHERE subject IS NOT NULL;

-- A row here is the one narrow door through which an entry on the log may lose its salt and payload.
CREATE TABLE redaction (
    organisation TEXT NOT NULL,
    seq INTEGER NOT NULL,
    redacted_by INTEGER NOT NULL,
    PRIMARY KEY (organisation, seq),
    FOREIGN KEY (organisation, seq) REFERENCES entry (organisation, seq),
    FOREIGN KEY (organisation, redacted_by) REFERENCES entry (organisation, seq),
    CHECK (seq < redacted_by)
) STRICT, WITHOUT ROWID;

-- Also refuses INSERT OR REPLACE, which deletes a row without waking the trigger on DELETE.
CREATE TRIGGER entry_numbers_have_no_gap BEFORE INSERT ON entry
WHEN NEW.seq IS NOT (
    SELECT COALESCE(MAX(seq) + 1, 0) FROM entry WHERE organisation = NEW.organisation
)
BEGIN
    SELECT RAISE(ABORT, 'the ledger is append-only: the next entry has the next number');
END;

CREATE TRIGGER entry_is_never_deleted BEFORE DELETE ON entry
BEGIN
    SELECT RAISE(ABORT, 'the ledger is append-only: entries are never deleted');
END;

CREATE TRIGGER entry_changes_only_by_redaction BEFORE UPDATE ON entry
WHEN NOT (
    NEW.salt IS NULL
    AND NEW.payload IS NULL
    AND NEW.organisation IS OLD.organisation
    AND NEW.seq IS OLD.seq
    AND NEW.instant IS OLD.instant
    AND NEW.idempotency_key IS OLD.idempotency_key
    AND NEW.subject IS OLD.subject
    AND NEW.header IS OLD.header
    AND EXISTS (
        SELECT 1 FROM redaction WHERE organisation = OLD.organisation AND seq = OLD.seq
    )
)
BEGIN
    SELECT RAISE(ABORT, 'the ledger is append-only: only a redaction may erase a payload');
END;

CREATE TRIGGER redaction_erases AFTER INSERT ON redaction
BEGIN
    UPDATE entry SET salt = NULL, payload = NULL
    WHERE organisation = NEW.organisation AND seq = NEW.seq;
END;

CREATE TRIGGER redaction_is_never_replaced BEFORE INSERT ON redaction
WHEN EXISTS (
    SELECT 1 FROM redaction WHERE organisation = NEW.organisation AND seq = NEW.seq
)
BEGIN
    SELECT RAISE(ABORT, 'the ledger is append-only: an entry is redacted once');
END;

CREATE TRIGGER redaction_is_never_changed BEFORE UPDATE ON redaction
BEGIN
    SELECT RAISE(ABORT, 'the ledger is append-only: redactions never change');
END;

CREATE TRIGGER redaction_is_never_deleted BEFORE DELETE ON redaction
BEGIN
    SELECT RAISE(ABORT, 'the ledger is append-only: redactions are never deleted');
END;

CREATE TABLE checkpoint (
    organisation TEXT NOT NULL REFERENCES organisation (id),
    size INTEGER NOT NULL CHECK (size >= 0),
    note TEXT NOT NULL,
    PRIMARY KEY (organisation, size)
) STRICT;

CREATE TABLE verifier_key (
    organisation TEXT NOT NULL REFERENCES organisation (id),
    vkey TEXT NOT NULL,
    since INTEGER NOT NULL,
    PRIMARY KEY (organisation, vkey)
) STRICT, WITHOUT ROWID;

-- Caches of what a ledger folds to; any of them may go at any time. `chunks` is NULL while one is
-- being written. Large values lie in pieces, so that none comes near the limit on a BLOB.
CREATE TABLE snapshot (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    organisation TEXT NOT NULL REFERENCES organisation (id),
    format TEXT NOT NULL,
    size INTEGER NOT NULL CHECK (size >= 0),
    chunks INTEGER
) STRICT;

CREATE INDEX snapshot_by_size ON snapshot (organisation, format, size);

CREATE TABLE snapshot_chunk (
    snapshot INTEGER NOT NULL REFERENCES snapshot (number) ON DELETE CASCADE,
    number INTEGER NOT NULL,
    bytes BLOB NOT NULL,
    PRIMARY KEY (snapshot, number)
) STRICT;

-- Personal data, outside the log: entries name a person by id only.
CREATE TABLE person (
    organisation TEXT NOT NULL REFERENCES organisation (id),
    id TEXT NOT NULL,
    name TEXT NOT NULL,
    email TEXT,
    PRIMARY KEY (organisation, id)
) STRICT, WITHOUT ROWID;
