-- Whether the user has shown that they read what is sent to their address. Until now all were taken for it, and had mails;
-- accounts that instances of the version before make during an upgrade are not, and ask for a confirmation themselves.
ALTER TABLE app_user ADD email_confirmed boolean NOT NULL DEFAULT true;
ALTER TABLE app_user ALTER email_confirmed SET DEFAULT false;

-- Whoever gave their password before that, or at that moment, is logged in no more.
ALTER TABLE app_user ADD sessions_ended_at timestamptz;

-- Too many mails have gone to that address within an hour.
ALTER TABLE notification DROP CONSTRAINT notification_status_check;
ALTER TABLE notification ADD CONSTRAINT notification_status_check
    CHECK (status IN ('PENDING', 'SENT', 'FAILED', 'RECORDED', 'SURPLUS')) NOT VALID;

-- Mails about an account, one of each kind at most, and what is known of the tokens in them.
CREATE TABLE account_mail (
    -- another one each time that such a mail is wanted
    id               uuid PRIMARY KEY,
    kind             text        NOT NULL CHECK (kind IN ('CONFIRMATION', 'EMAIL_CHANGE', 'PASSWORD_RESET', 'PASSWORD_CHANGE')),
    -- null for a reset: whether there is such an account is looked up when the mail is sent
    user_id          uuid REFERENCES app_user,
    -- where it goes, encrypted; null for a reset, which goes to the address as the account has it
    email            bytea,
    -- keyed hash of where it goes
    email_key        bytea       NOT NULL,
    -- SHA-256 of the token that was mailed last; a token is made when its mail is sent
    token_hash       bytea UNIQUE,
    token_expires_at timestamptz,
    wanted_at        timestamptz NOT NULL,
    status           text        NOT NULL CHECK (status IN ('PENDING', 'SENT', 'FAILED', 'SURPLUS')),
    attempts         integer     NOT NULL DEFAULT 0,
    due_at           timestamptz,
    sent_at          timestamptz,
    UNIQUE (user_id, kind),
    CHECK (num_nulls(user_id, email) = CASE WHEN kind = 'PASSWORD_RESET' THEN 2 ELSE 0 END),
    CHECK (num_nulls(token_hash, token_expires_at) IN (0, 2)),
    CHECK ((due_at IS NOT NULL) = (status = 'PENDING') AND (sent_at IS NOT NULL) = (status = 'SENT'))
);

CREATE UNIQUE INDEX account_mail_reset ON account_mail (email_key) WHERE kind = 'PASSWORD_RESET';
CREATE INDEX account_mail_due ON account_mail (due_at) WHERE status = 'PENDING';
CREATE INDEX account_mail_by_age ON account_mail (wanted_at);

-- What went to whom within the last hour.
CREATE TABLE mail_sent (
    -- keyed hash of the address
    recipient bytea       NOT NULL,
    mail_id   uuid        NOT NULL,
    allowance text        NOT NULL,
    at        timestamptz NOT NULL,
    PRIMARY KEY (recipient, mail_id)
);

CREATE INDEX mail_sent_by_age ON mail_sent (at);
