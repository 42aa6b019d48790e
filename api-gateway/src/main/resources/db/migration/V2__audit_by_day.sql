-- The audit in a partition for each day, which is dropped as a whole, and refusals counted in a table of their own,
-- which has a bound. A partition is named after the last day (UTC) that it holds. What there was before becomes the
-- partition of all days until today: it is looked through once, and not copied.
SET LOCAL statement_timeout = 0;

ALTER TABLE audit_entry RENAME TO audit_entry_before;
ALTER INDEX audit_entry_pkey RENAME TO audit_entry_before_pkey;
ALTER INDEX audit_entry_of_user RENAME TO audit_entry_before_of_user;
DROP TRIGGER audit_entry_is_final ON audit_entry_before;

CREATE TABLE audit_entry (LIKE audit_entry_before INCLUDING COMMENTS, PRIMARY KEY (id)) PARTITION BY RANGE (id);

CREATE INDEX audit_entry_of_user ON audit_entry (user_id, id) WHERE user_id IS NOT NULL;

-- Of each row, so that it is the same for whoever names the partition.
CREATE TRIGGER audit_entry_is_final BEFORE UPDATE ON audit_entry
    FOR EACH ROW EXECUTE FUNCTION refuse_change();

-- Refusals that are alike, in one minute and one gateway.
CREATE TABLE audit_refusal (
    id      uuid        PRIMARY KEY,
    at      timestamptz NOT NULL,
    last_at timestamptz NOT NULL,
    user_id text,
    address text        NOT NULL,
    status  int,
    code    text,
    count   bigint      NOT NULL,
    samples jsonb       NOT NULL
) PARTITION BY RANGE (id);

COMMENT ON COLUMN audit_refusal.id IS 'UUIDv7 of the first of them';
COMMENT ON COLUMN audit_refusal.address IS 'Of IPv6 the /64; "others": of many addresses, which had no room of their own';
COMMENT ON COLUMN audit_refusal.samples IS 'The first three that differ in method or path';

CREATE INDEX audit_refusal_of_user ON audit_refusal (user_id, id) WHERE user_id IS NOT NULL;

CREATE TRIGGER audit_refusal_only_grows BEFORE UPDATE ON audit_refusal FOR EACH ROW
    WHEN (NEW.count < OLD.count OR (NEW.id, NEW.at, NEW.user_id, NEW.address, NEW.status, NEW.code)
          IS DISTINCT FROM (OLD.id, OLD.at, OLD.user_id, OLD.address, OLD.status, OLD.code))
    EXECUTE FUNCTION refuse_change();

-- The least UUIDv7 of a day.
CREATE FUNCTION first_id_of(day date) RETURNS uuid LANGUAGE sql IMMUTABLE AS $$
    SELECT (lpad(to_hex(extract(epoch FROM day)::bigint * 1000), 12, '0') || repeat('0', 20))::uuid
$$;

-- Makes what there is not yet of the partitions of a day. Refusals are written several times a minute: there is room
-- for the next version of a row beside it.
CREATE FUNCTION make_audit_partitions(day date) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    parent text;
    partition text;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtext('audit partitions'));
    FOREACH parent IN ARRAY ARRAY['audit_entry', 'audit_refusal'] LOOP
        partition := parent || to_char(day, '_YYYYMMDD');
        IF to_regclass(partition) IS NULL THEN
            BEGIN
                EXECUTE format('CREATE TABLE %I PARTITION OF %I FOR VALUES FROM (%L) TO (%L) WITH (fillfactor = %s)',
                               partition, parent, first_id_of(day), first_id_of(day + 1),
                               CASE parent WHEN 'audit_refusal' THEN 50 ELSE 100 END);
            EXCEPTION WHEN invalid_object_definition THEN
                NULL; -- a day from before there were partitions, in the one that holds them all
            END;
        END IF;
    END LOOP;
END
$$;

DO $$
DECLARE
    newest timestamptz := (SELECT at FROM audit_entry_before ORDER BY id DESC LIMIT 1);
    last_day date := (greatest(newest, now()) AT TIME ZONE 'UTC')::date;
BEGIN
    IF newest IS NULL THEN
        DROP TABLE audit_entry_before;
    ELSE
        EXECUTE format('ALTER TABLE audit_entry_before RENAME TO %I', to_char(last_day, '"audit_entry_"YYYYMMDD'));
        EXECUTE format('ALTER TABLE audit_entry ATTACH PARTITION %I FOR VALUES FROM (MINVALUE) TO (%L)',
                       to_char(last_day, '"audit_entry_"YYYYMMDD'), first_id_of(last_day + 1));
    END IF;
END
$$;
