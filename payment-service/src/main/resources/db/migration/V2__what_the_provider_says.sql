-- RETRIEVE asks the provider how a payment stands. "asked" says that the provider may have been
-- asked already, so that the operation cannot be given up unasked; "refusals" counts its definite
-- answers of no, after each of which it is asked under another key.
ALTER TABLE operation
    ADD COLUMN asked    boolean NOT NULL DEFAULT true,
    ADD COLUMN refusals integer NOT NULL DEFAULT 0,
    DROP CONSTRAINT operation_kind_check,
    ADD CONSTRAINT operation_kind_check CHECK (kind IN ('AUTHORISE', 'CAPTURE', 'VOID', 'REFUND', 'RETRIEVE'));

-- What changed since, by the time of its booking.
CREATE INDEX ledger_entry_booked ON ledger_entry USING brin (booked_at);

-- What the provider tells by itself, each event once: how a payment stood then. Handled once our
-- books agree, or the provider is being asked how it stands now.
CREATE TABLE provider_event (
    id          text        PRIMARY KEY,
    reference   text        NOT NULL,
    status      text        NOT NULL CHECK (status IN ('HELD', 'CAPTURED', 'RELEASED')),
    captured    bigint      NOT NULL,
    refunded    bigint      NOT NULL,
    received_at timestamptz NOT NULL,
    handled_at  timestamptz
);

CREATE INDEX provider_event_open ON provider_event (received_at) WHERE handled_at IS NULL;
CREATE INDEX provider_event_reference ON provider_event (reference);
CREATE INDEX provider_event_by_age ON provider_event (received_at);

-- Up to when the provider's events have been read.
CREATE TABLE events_read (
    until timestamptz NOT NULL
);

INSERT INTO events_read VALUES (now());
