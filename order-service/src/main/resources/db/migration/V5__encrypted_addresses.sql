-- The address is split into its country, for the books, and all of it, encrypted and bound to the order's id. This only
-- adds: see docs/adr/0012-changes-of-a-schema.md. Rows from before are encrypted in the background.
ALTER TABLE orders ADD country char(2), ADD encrypted_address bytea, ALTER shipping_address DROP NOT NULL;
