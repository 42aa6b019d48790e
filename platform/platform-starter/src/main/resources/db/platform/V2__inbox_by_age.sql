-- As long as the table is, and not as the pool's time-out has it.
set local statement_timeout = 0;

-- A range of blocks keeps the least time that it ever had. Once the room of removed rows is used again, every range may
-- hold old ones, and each clean-up reads the whole table.
create index inbox_by_age on inbox (received_at);
drop index inbox_received_at;
