-- The address as JSON, encrypted and bound to the order's id; shipping_address keeps the country then. Instances of the
-- version before read an order with nothing but that as one with an empty address. Rows from before are encrypted in the
-- background.
ALTER TABLE orders ADD encrypted_address bytea;
