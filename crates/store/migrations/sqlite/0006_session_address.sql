-- Where a session was used from last, as its owner is shown it.

ALTER TABLE session ADD COLUMN address TEXT;
