-- One payment per order. A row without an amount is the tombstone of a void or refund
-- that came before its authorisation.
CREATE TABLE payment (
    id                 uuid        PRIMARY KEY,
    order_id           uuid        NOT NULL UNIQUE,
    user_id            uuid,
    amount             bigint      CHECK (amount >= 0),
    currency           text        CHECK (currency ~ '^[A-Z]{3}$'),
    payment_method     text,
    status             text        NOT NULL CHECK (status IN ('PENDING', 'AUTHORISED', 'CAPTURED', 'PARTIALLY_REFUNDED',
                                                              'REFUNDED', 'VOIDED', 'DECLINED')),
    outcome_unknown    boolean     NOT NULL DEFAULT false,
    captured           bigint      NOT NULL DEFAULT 0 CHECK (captured >= 0 AND captured <= amount),
    refunded           bigint      NOT NULL DEFAULT 0 CHECK (refunded >= 0 AND refunded <= captured),
    last_refund        bigint      NOT NULL DEFAULT 0,
    provider_reference text        UNIQUE,
    failure            text,
    version            bigint      NOT NULL DEFAULT 0,
    created_at         timestamptz NOT NULL,
    updated_at         timestamptz NOT NULL,
    CHECK ((amount IS NULL) = (user_id IS NULL) AND (amount IS NULL) = (currency IS NULL)
           AND (amount IS NOT NULL OR status = 'VOIDED'))
) WITH (fillfactor = 80);

-- What the provider is to be asked for. The order of ids is the order per payment; an
-- open row is due when due_at has passed, which a worker that takes it moves ahead as its
-- lease.
CREATE TABLE operation (
    id             bigint      GENERATED ALWAYS AS IDENTITY (CACHE 1) PRIMARY KEY,
    refund_id      uuid        UNIQUE,
    payment_id     uuid        NOT NULL REFERENCES payment,
    kind           text        NOT NULL CHECK (kind IN ('AUTHORISE', 'CAPTURE', 'VOID', 'REFUND')),
    amount         bigint      CHECK (amount > 0),
    reason         text,
    outcome        text        NOT NULL CHECK (outcome IN ('OPEN', 'UNKNOWN', 'DONE', 'DECLINED')),
    detail         text,
    attempts       integer     NOT NULL,
    due_at         timestamptz NOT NULL,
    correlation_id text        NOT NULL,
    traceparent    text,
    created_at     timestamptz NOT NULL,
    finished_at    timestamptz,
    CHECK ((finished_at IS NULL) = (outcome IN ('OPEN', 'UNKNOWN')))
) WITH (fillfactor = 80, autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 2000);

CREATE INDEX operation_due ON operation (due_at) WHERE finished_at IS NULL;
CREATE INDEX operation_open ON operation (payment_id, id) WHERE finished_at IS NULL;
-- The saga's operations are asked for once at a time; refunds asked for by people carry
-- an id of their own.
CREATE UNIQUE INDEX operation_once ON operation (payment_id, kind) WHERE finished_at IS NULL AND refund_id IS NULL;

-- A double-entry ledger: each row moves an amount from one account to another, so that no
-- row and no sum of rows can be out of balance.
CREATE TABLE ledger_entry (
    id           bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    operation_id bigint      NOT NULL REFERENCES operation,
    payment_id   uuid        NOT NULL REFERENCES payment,
    debit        text        NOT NULL,
    credit       text        NOT NULL,
    amount       bigint      NOT NULL CHECK (amount > 0),
    currency     text        NOT NULL,
    booked_at    timestamptz NOT NULL,
    CHECK (debit <> credit),
    CHECK (debit IN ('HELD', 'COMMITTED', 'PROVIDER', 'SALES', 'REFUNDS')
           AND credit IN ('HELD', 'COMMITTED', 'PROVIDER', 'SALES', 'REFUNDS')),
    UNIQUE (operation_id, debit)
);

CREATE INDEX ledger_entry_payment ON ledger_entry (payment_id);

CREATE FUNCTION refuse_ledger_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'The ledger is append-only';
END $$;

CREATE TRIGGER ledger_is_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger_entry
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_ledger_change();

-- The balance of each account: debits minus credits.
CREATE VIEW ledger_balance AS
SELECT account, currency, sum(amount)::bigint AS balance
FROM (SELECT debit AS account, currency, amount FROM ledger_entry
      UNION ALL
      SELECT credit, currency, -amount FROM ledger_entry) AS entries
GROUP BY account, currency;
