-- Every change of an order counts, so that one which was not locked is noticed.
ALTER TABLE orders ADD version int NOT NULL DEFAULT 0;
