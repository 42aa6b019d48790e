-- A SKU belongs to one product that is sold; a discontinued one lends its own to whoever comes next.
ALTER TABLE product DROP CONSTRAINT product_sku_key;
CREATE UNIQUE INDEX product_sku_key ON product (sku) WHERE discontinued_at IS NULL;
