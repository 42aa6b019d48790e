-- Who did or tried what. The ids are UUIDv7, so that their order is that of time, and one index serves the newest
-- first, a range of time, and what is too old.
CREATE TABLE audit_entry (
    id             uuid PRIMARY KEY,
    at             timestamptz NOT NULL,
    user_id        text,
    method         text        NOT NULL,
    path           text        NOT NULL,
    route          text,
    address        text        NOT NULL,
    status         int,
    code           text,
    correlation_id text        NOT NULL
);

COMMENT ON COLUMN audit_entry.user_id IS 'From a checked token, or from the service that learnt it; null: nobody knows';
COMMENT ON COLUMN audit_entry.route IS 'Null: refused before it was known where the path leads';
COMMENT ON COLUMN audit_entry.status IS 'Null: the client left before it was answered';

CREATE INDEX audit_entry_of_user ON audit_entry (user_id, id) WHERE user_id IS NOT NULL;

-- What is written stays as it is until it is old enough to go.
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'The audit is only added to';
END
$$;

CREATE TRIGGER audit_entry_is_final BEFORE UPDATE ON audit_entry
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
