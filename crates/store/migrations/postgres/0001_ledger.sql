-- Ledgers and what stands beside them. Instants are microseconds since 1970-01-01T00:00:00Z.
-- Every table is keyed by organisation first, so that a cluster can be sharded by it.

CREATE TABLE organisation (
    id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    origin TEXT NOT NULL,
    created_at BIGINT NOT NULL
);

-- One row for each ledger, locked by each append: this lock, and never a sequence, numbers entries.
-- The free space lets its new versions stay on the same page.
CREATE TABLE head (
    organisation TEXT COLLATE "C" NOT NULL PRIMARY KEY REFERENCES organisation (id),
    size BIGINT NOT NULL CHECK (size >= 0),
    instant BIGINT NOT NULL
) WITH (fillfactor = 10);

-- The foreign key is to the head: an append has locked that row already.
CREATE TABLE entry (
    organisation TEXT COLLATE "C" NOT NULL REFERENCES head (organisation),
    seq BIGINT NOT NULL CHECK (seq >= 0),
    instant BIGINT NOT NULL,
    idempotency_key TEXT COLLATE "C",
    subject TEXT COLLATE "C",
    header BYTEA NOT NULL,
    salt BYTEA,
    payload BYTEA,
    CONSTRAINT entry_by_seq PRIMARY KEY (organisation, seq),
    CHECK ((salt IS NULL) = (payload IS NULL))
);

CREATE INDEX entry_by_instant ON entry (organisation, instant, seq);

CREATE UNIQUE INDEX entry_by_idempotency_key ON entry (organisation, idempotency_key)
WHERE idempotency_key IS NOT NULL;

CREATE INDEX entry_by_subject ON entry (organisation, subject, seq)
WHERE subject IS NOT NULL;

-- A row here is the one narrow door through which an entry on the log may lose its salt and payload.
CREATE TABLE redaction (
    organisation TEXT COLLATE "C" NOT NULL,
    seq BIGINT NOT NULL,
    redacted_by BIGINT NOT NULL,
    CONSTRAINT redaction_by_seq PRIMARY KEY (organisation, seq),
    FOREIGN KEY (organisation, seq) REFERENCES entry (organisation, seq),
    FOREIGN KEY (organisation, redacted_by) REFERENCES entry (organisation, seq),
    CHECK (seq < redacted_by)
);

CREATE FUNCTION refuse_change_of_ledger() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the ledger is append-only: % on % is refused', TG_OP, TG_TABLE_NAME
    USING ERRCODE = 'integrity_constraint_violation';
END
$$;

CREATE FUNCTION refuse_change_but_redaction() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.salt IS NULL
        AND NEW.payload IS NULL
        AND NEW.organisation = OLD.organisation
        AND NEW.seq = OLD.seq
        AND NEW.instant = OLD.instant
        AND NEW.idempotency_key IS NOT DISTINCT FROM OLD.idempotency_key
        AND NEW.subject IS NOT DISTINCT FROM OLD.subject
        AND NEW.header = OLD.header
        AND EXISTS (
            SELECT 1 FROM redaction WHERE organisation = OLD.organisation AND seq = OLD.seq
        )
    THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'the ledger is append-only: only a redaction may erase a payload'
    USING ERRCODE = 'integrity_constraint_violation';
END
$$;

CREATE FUNCTION erase_redacted_entry() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE entry SET salt = NULL, payload = NULL
    WHERE organisation = NEW.organisation AND seq = NEW.seq;
    RETURN NULL;
END
$$;

-- A ledger never shrinks, and no instant on it is earlier than the one before.
CREATE FUNCTION refuse_step_back_of_head() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.organisation = OLD.organisation
        AND NEW.size >= OLD.size
        AND NEW.instant >= OLD.instant
    THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'the ledger is append-only: its head never steps back'
    USING ERRCODE = 'integrity_constraint_violation';
END
$$;

-- An append first moves the head and then fills the places up to it, all with one statement.
CREATE FUNCTION refuse_gap_in_entries() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    batch RECORD;
BEGIN
    FOR batch IN
        SELECT organisation, MIN(seq) AS first, MAX(seq) AS last, COUNT(*) AS entries
        FROM appended GROUP BY organisation
    LOOP
        -- One question after the other, so that each is a look-up in an index.
        PERFORM 1 FROM head
        WHERE organisation = batch.organisation
        AND size = batch.last + 1 AND batch.entries = batch.last - batch.first + 1;
        IF FOUND AND batch.first > 0 THEN
            PERFORM 1 FROM entry
            WHERE organisation = batch.organisation AND seq = batch.first - 1;
        END IF;
        IF NOT FOUND THEN
            RAISE EXCEPTION 'the ledger is append-only: the next entry has the next number'
            USING ERRCODE = 'integrity_constraint_violation';
        END IF;
    END LOOP;
    RETURN NULL;
END
$$;

CREATE TRIGGER entry_numbers_have_no_gap AFTER INSERT ON entry
REFERENCING NEW TABLE AS appended
FOR EACH STATEMENT EXECUTE FUNCTION refuse_gap_in_entries();

CREATE TRIGGER entry_is_never_deleted BEFORE DELETE ON entry
FOR EACH ROW EXECUTE FUNCTION refuse_change_of_ledger();

CREATE TRIGGER entry_is_never_truncated BEFORE TRUNCATE ON entry
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change_of_ledger();

CREATE TRIGGER entry_changes_only_by_redaction BEFORE UPDATE ON entry
FOR EACH ROW EXECUTE FUNCTION refuse_change_but_redaction();

CREATE TRIGGER redaction_erases AFTER INSERT ON redaction
FOR EACH ROW EXECUTE FUNCTION erase_redacted_entry();

CREATE TRIGGER redaction_is_never_changed BEFORE UPDATE OR DELETE ON redaction
FOR EACH ROW EXECUTE FUNCTION refuse_change_of_ledger();

CREATE TRIGGER redaction_is_never_truncated BEFORE TRUNCATE ON redaction
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change_of_ledger();

CREATE TRIGGER head_never_steps_back BEFORE UPDATE ON head
FOR EACH ROW EXECUTE FUNCTION refuse_step_back_of_head();

CREATE TRIGGER head_is_never_deleted BEFORE DELETE ON head
FOR EACH ROW EXECUTE FUNCTION refuse_change_of_ledger();

CREATE TRIGGER head_is_never_truncated BEFORE TRUNCATE ON head
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change_of_ledger();

CREATE TABLE checkpoint (
    organisation TEXT COLLATE "C" NOT NULL REFERENCES organisation (id),
    size BIGINT NOT NULL CHECK (size >= 0),
    note TEXT NOT NULL,
    PRIMARY KEY (organisation, size)
);

CREATE TABLE verifier_key (
    organisation TEXT COLLATE "C" NOT NULL REFERENCES organisation (id),
    vkey TEXT COLLATE "C" NOT NULL,
    since BIGINT NOT NULL,
    PRIMARY KEY (organisation, vkey)
);

-- Caches of what a ledger folds to; any of them may go at any time. Large values lie in pieces, so
-- that none comes near the limit on a BYTEA.
CREATE TABLE snapshot (
    organisation TEXT COLLATE "C" NOT NULL REFERENCES organisation (id),
    format TEXT COLLATE "C" NOT NULL,
    size BIGINT NOT NULL CHECK (size >= 0),
    chunks BIGINT NOT NULL,
    PRIMARY KEY (organisation, format, size)
);

CREATE TABLE snapshot_chunk (
    organisation TEXT COLLATE "C" NOT NULL,
    format TEXT COLLATE "C" NOT NULL,
    size BIGINT NOT NULL,
    number BIGINT NOT NULL,
    bytes BYTEA NOT NULL,
    PRIMARY KEY (organisation, format, size, number),
    FOREIGN KEY (organisation, format, size)
        REFERENCES snapshot (organisation, format, size) ON DELETE CASCADE
);

-- What the engine writes is compressed already, or not worth it.
ALTER TABLE snapshot_chunk ALTER COLUMN bytes SET STORAGE EXTERNAL;

-- Personal data, outside the log: entries name a person by id only.
CREATE TABLE person (
    organisation TEXT COLLATE "C" NOT NULL REFERENCES organisation (id),
    id TEXT COLLATE "C" NOT NULL,
    name TEXT NOT NULL,
    email TEXT,
    PRIMARY KEY (organisation, id)
);
