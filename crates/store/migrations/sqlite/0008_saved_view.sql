-- Views of lists that members have given a name. They go with the membership.
CREATE TABLE saved_view (
    organisation TEXT NOT NULL,
    -- The list, by its address below the organisation.
    path TEXT NOT NULL,
    account TEXT NOT NULL,
    name TEXT NOT NULL,
    query TEXT NOT NULL,
    -- Whether all members see it.
    shared INTEGER NOT NULL CHECK (shared IN (0, 1)),
    saved_at INTEGER NOT NULL,
    PRIMARY KEY (organisation, path, account, name),
    FOREIGN KEY (organisation, account) REFERENCES membership (organisation, account) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;

CREATE INDEX saved_view_by_member ON saved_view (organisation, account);
