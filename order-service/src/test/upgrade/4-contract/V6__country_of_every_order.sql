-- Fails as long as there is a row whose address still has to be split. The column that nobody uses any more is dropped by
-- the version after this one.
ALTER TABLE orders ALTER country SET NOT NULL;
