-- As long as the table is, and not as the pool's time-out has it.
SET LOCAL statement_timeout = 0;

-- How many of all its products an order is about. Orders from before are past the time when that matters.
ALTER TABLE orders ADD units int NOT NULL DEFAULT 0;

-- What a buyer has under way, and what they were declined, is counted with each order that they place.
CREATE INDEX orders_open_of_user ON orders (user_id) INCLUDE (units) WHERE deadline IS NOT NULL;
CREATE INDEX orders_declined_of_user ON orders (user_id, updated_at) INCLUDE (payment_method)
    WHERE failure_code = 'PAYMENT_DECLINED';
