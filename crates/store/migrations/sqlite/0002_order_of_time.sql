-- So that one INSERT alone, which is the quickest way to append, is refused where its instants would go back.
CREATE TRIGGER entry_instants_never_go_back BEFORE INSERT ON entry
WHEN NEW.instant < (
    SELECT instant FROM entry WHERE organisation = NEW.organisation AND seq = NEW.seq - 1
)
BEGIN
    SELECT RAISE(ABORT, 'the ledger is in order of time: no entry is dated before the one before it');
END;
