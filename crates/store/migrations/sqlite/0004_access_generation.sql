-- A number that grows whenever somebody may do less or other than before, so that whoever remembers what accounts
-- may do knows when to ask again. What is added makes nothing that is remembered wrong.

CREATE TABLE access_generation (
    number INTEGER NOT NULL
) STRICT;

INSERT INTO access_generation (number) VALUES (0);

CREATE TRIGGER account_changed AFTER UPDATE OF disabled ON account
BEGIN
    UPDATE access_generation SET number = number + 1;
END;

CREATE TRIGGER account_deleted AFTER DELETE ON account
BEGIN
    UPDATE access_generation SET number = number + 1;
END;

CREATE TRIGGER membership_changed AFTER UPDATE ON membership
BEGIN
    UPDATE access_generation SET number = number + 1;
END;

CREATE TRIGGER membership_deleted AFTER DELETE ON membership
BEGIN
    UPDATE access_generation SET number = number + 1;
END;

CREATE TRIGGER api_token_deleted AFTER DELETE ON api_token
BEGIN
    UPDATE access_generation SET number = number + 1;
END;
