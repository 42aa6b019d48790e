-- The provider's charges while they are compared with our payments, so that nobody has to have all of them in memory.
-- A run takes each row out when it has compared it.
CREATE TABLE provider_charge (
    run       uuid   NOT NULL,
    reference text   NOT NULL,
    currency  text   NOT NULL,
    captured  bigint NOT NULL,
    refunded  bigint NOT NULL,
    PRIMARY KEY (run, reference)
);

COMMENT ON COLUMN provider_charge.run IS 'A UUIDv7: what a killed run has left is known by its age';
