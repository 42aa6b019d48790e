-- As long as the table is, and not as the pool's time-out has it.
SET LOCAL statement_timeout = 0;

-- Each refresh token has in its first half what all of its session have in common, so that a used one is recognised without
-- being kept. The SHA-256 of that half; null until a session of the version before is refreshed.
ALTER TABLE session ADD family bytea;
CREATE UNIQUE INDEX session_by_family ON session (family);
