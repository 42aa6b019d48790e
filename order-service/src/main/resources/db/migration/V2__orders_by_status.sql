-- As long as the table is, and not as the pool's time-out has it.
SET LOCAL statement_timeout = 0;

-- Orders of one status, newest first. Those that wait for somebody are few, and have an index of their own.
CREATE INDEX orders_settled ON orders (state, id) WHERE deadline IS NULL;

-- Each step of a saga leaves a dead version behind, which a fifth of all orders ever placed is too many of.
ALTER TABLE orders SET (autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 2000);
