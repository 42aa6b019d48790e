-- Grows with every change of a row: of two readings of a product, it says together with the product's own version
-- which one is the newer.
ALTER TABLE stock ADD COLUMN version bigint NOT NULL DEFAULT 0;
