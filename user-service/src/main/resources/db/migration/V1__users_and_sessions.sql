-- The one key of all personal data, encrypted with the master key that its first bytes name.
CREATE TABLE data_key (
    only_one boolean PRIMARY KEY DEFAULT true CHECK (only_one),
    secret   bytea NOT NULL
);

CREATE TABLE app_user (
    id            uuid PRIMARY KEY,
    -- encrypted, like the name; all four are gone when erased
    email         bytea,
    -- keyed hash of the form in which no two may be the same
    email_key     bytea UNIQUE,
    password_hash text,
    name          bytea,
    roles         text[]      NOT NULL CHECK (cardinality(roles) > 0),
    created_at    timestamptz NOT NULL,
    erased_at     timestamptz,
    CHECK (num_nulls(email, email_key, password_hash, name) = CASE WHEN erased_at IS NULL THEN 0 ELSE 4 END)
);

CREATE TABLE preference (
    user_id          uuid PRIMARY KEY REFERENCES app_user,
    locale           text    NOT NULL,
    currency         text    NOT NULL,
    marketing_emails boolean NOT NULL
);

CREATE TABLE address (
    id      uuid PRIMARY KEY,
    user_id uuid  NOT NULL REFERENCES app_user,
    -- the whole of it as JSON, encrypted
    content bytea NOT NULL
);

CREATE INDEX address_of_user ON address (user_id, id);

-- A family of refresh tokens, from one log-in on.
CREATE TABLE session (
    id         uuid PRIMARY KEY,
    user_id    uuid        NOT NULL REFERENCES app_user,
    expires_at timestamptz NOT NULL,
    ended_at   timestamptz
);

CREATE INDEX session_of_user ON session (user_id);
CREATE INDEX session_by_expiry ON session (expires_at);

CREATE TABLE refresh_token (
    -- SHA-256 of the token
    hash       bytea PRIMARY KEY,
    session_id uuid        NOT NULL REFERENCES session ON DELETE CASCADE,
    expires_at timestamptz NOT NULL,
    used_at    timestamptz
);

CREATE INDEX refresh_token_of_session ON refresh_token (session_id);

CREATE TABLE failed_login (
    -- keyed fingerprint of the normalised email: also of accounts that do not exist
    account  bytea       NOT NULL,
    address  text        NOT NULL,
    since    timestamptz NOT NULL,
    attempts integer     NOT NULL,
    PRIMARY KEY (account, address)
);

CREATE INDEX failed_login_by_age ON failed_login (since);

CREATE TABLE signing_key (
    id          text PRIMARY KEY,
    public_key  bytea       NOT NULL,
    -- encrypted with the master key that its first bytes name
    private_key bytea       NOT NULL,
    created_at  timestamptz NOT NULL
);

-- What users are told about their orders, under the id of the event. No foreign key: rows are
-- written in batches that lock their users themselves, and go with them.
CREATE TABLE notification (
    id       uuid PRIMARY KEY,
    user_id  uuid        NOT NULL,
    order_id uuid        NOT NULL,
    kind     text        NOT NULL,
    amount   bigint,
    currency text,
    at       timestamptz NOT NULL,
    status   text        NOT NULL CHECK (status IN ('PENDING', 'SENT', 'FAILED', 'RECORDED')),
    attempts integer     NOT NULL DEFAULT 0,
    -- of a pending one: when to try next, or the end of the lease of whoever tries just now
    due_at   timestamptz,
    sent_at  timestamptz,
    CHECK (num_nulls(amount, currency) IN (0, 2)),
    CHECK ((due_at IS NOT NULL) = (status = 'PENDING') AND (sent_at IS NOT NULL) = (status = 'SENT'))
);

CREATE INDEX notification_of_user ON notification (user_id, id);
CREATE INDEX notification_due ON notification (due_at) WHERE status = 'PENDING';
-- Only the clean-up asks for it, and rows arrive in its order.
CREATE INDEX notification_by_age ON notification USING brin (at) WITH (autosummarize = on);
