-- A number that grows whenever somebody may do less or other than before, so that whoever remembers what accounts
-- may do knows when to ask again. What is added makes nothing that is remembered wrong.

CREATE TABLE access_generation (
    number BIGINT NOT NULL
);

INSERT INTO access_generation (number) VALUES (0);

CREATE FUNCTION access_changed() RETURNS TRIGGER LANGUAGE plpgsql AS $$
BEGIN
    UPDATE access_generation SET number = number + 1;
    RETURN NULL;
END
$$;

-- At the end of the transaction: the one row is then the last that anybody locks, so nobody waits in a circle.
CREATE CONSTRAINT TRIGGER account_changed
AFTER UPDATE OF disabled OR DELETE ON account
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION access_changed();

CREATE CONSTRAINT TRIGGER membership_changed
AFTER UPDATE OR DELETE ON membership
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION access_changed();

CREATE CONSTRAINT TRIGGER api_token_deleted
AFTER DELETE ON api_token
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION access_changed();
