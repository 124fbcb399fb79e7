-- Files that came and that perhaps no entry names. Whoever finds an old one here claims it, looks whether any entry names it, and
-- deletes the file if none does; then the row goes. While it is claimed, nobody is told that the same file is kept.
CREATE TABLE upload (
    organisation TEXT NOT NULL REFERENCES organisation (id),
    sha256 BLOB NOT NULL,
    uploaded_at INTEGER NOT NULL,
    claimed INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (organisation, sha256)
) STRICT, WITHOUT ROWID;

CREATE INDEX upload_by_age ON upload (organisation, uploaded_at);
