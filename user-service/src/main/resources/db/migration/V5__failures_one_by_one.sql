-- Each failure counts for its own time, so that no window of that length holds more than the limit.
-- The old columns serve instances of the version before, which run on during an upgrade; from now on
-- since is the time of the last failure, after which a row is cleaned up.
ALTER TABLE failed_login
    ADD COLUMN failures timestamptz[] NOT NULL DEFAULT '{}',
    ALTER COLUMN attempts SET DEFAULT 0;
