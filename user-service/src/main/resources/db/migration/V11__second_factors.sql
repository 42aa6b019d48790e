-- Whoever has a row with enrolled_at logs in with a code besides the password. Instances of the version before, which run on
-- during an upgrade, do not ask for it.
CREATE TABLE second_factor (
    user_id        uuid PRIMARY KEY REFERENCES app_user,
    -- what the codes are made of, encrypted and bound to the user's id
    secret         bytea   NOT NULL,
    -- of one that waits for its first code: nobody is asked for its codes, and it is worth nothing after ten minutes
    wanted_at      timestamptz,
    enrolled_at    timestamptz,
    -- the time step, in 30 seconds since 1970, of the latest code that was accepted: no code of it or of an earlier one is
    last_step      bigint,
    -- SHA-256 of each that was not used
    recovery_codes bytea[] NOT NULL DEFAULT '{}',
    CHECK (num_nulls(wanted_at, enrolled_at) = 1 AND num_nulls(enrolled_at, last_step) IN (0, 2))
);

CREATE INDEX second_factor_by_age ON second_factor (wanted_at) WHERE wanted_at IS NOT NULL;

ALTER TABLE account_mail DROP CONSTRAINT account_mail_kind_check;
ALTER TABLE account_mail ADD CONSTRAINT account_mail_kind_check
    CHECK (kind IN ('CONFIRMATION', 'EMAIL_CHANGE', 'PASSWORD_RESET', 'PASSWORD_CHANGE', 'SECOND_FACTOR_ADDED',
                    'SECOND_FACTOR_REMOVED')) NOT VALID;
