-- Views of lists that members have given a name. They lie with their organisation and go with the membership.
CREATE TABLE saved_view (
    organisation TEXT COLLATE "C" NOT NULL,
    -- The list, by its address below the organisation.
    path TEXT COLLATE "C" NOT NULL,
    account TEXT COLLATE "C" NOT NULL,
    name TEXT COLLATE "C" NOT NULL,
    query TEXT NOT NULL,
    -- Whether all members see it.
    shared BOOLEAN NOT NULL,
    saved_at BIGINT NOT NULL,
    PRIMARY KEY (organisation, path, account, name),
    FOREIGN KEY (organisation, account) REFERENCES membership (organisation, account) ON DELETE CASCADE
);

CREATE INDEX saved_view_by_member ON saved_view (organisation, account);
