-- The client that a session was given to, and what it may do. Null: the sessions API.
ALTER TABLE session ADD client_id text;
ALTER TABLE session ADD scopes text[] NOT NULL DEFAULT '{}';

-- Somebody who has given their password, on the way from the login page to the one authorization it was for.
CREATE TABLE login (
    -- SHA-256 of the cookie
    hash             bytea PRIMARY KEY,
    user_id          uuid        NOT NULL REFERENCES app_user,
    authenticated_at timestamptz NOT NULL,
    expires_at       timestamptz NOT NULL
);

CREATE INDEX login_of_user ON login (user_id);

CREATE TABLE authorization_code (
    -- SHA-256 of the code
    hash             bytea PRIMARY KEY,
    client_id        text        NOT NULL,
    user_id          uuid        NOT NULL REFERENCES app_user,
    redirect_uri     text        NOT NULL,
    scopes           text[]      NOT NULL,
    code_challenge   text        NOT NULL,
    nonce            text,
    authenticated_at timestamptz NOT NULL,
    expires_at       timestamptz NOT NULL,
    -- what it was exchanged for, which ends when somebody comes with the code again
    session_id       uuid REFERENCES session ON DELETE CASCADE
);

CREATE INDEX authorization_code_of_user ON authorization_code (user_id);
CREATE INDEX authorization_code_of_session ON authorization_code (session_id);
