-- As long as the table is, and not as the pool's time-out has it.
SET LOCAL statement_timeout = 0;

-- For the clean-up, which takes the oldest first.
CREATE INDEX login_by_expiry ON login (expires_at);
CREATE INDEX authorization_code_by_expiry ON authorization_code (expires_at);

-- A range of blocks keeps the least time that it ever had. Once the room of removed rows is used again, every range may
-- hold old ones, and each clean-up reads the whole table.
DROP INDEX notification_by_age;
CREATE INDEX notification_by_age ON notification (at);
