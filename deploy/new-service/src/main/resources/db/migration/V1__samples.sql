CREATE TABLE sample (
    -- UUIDv7: the newest has the greatest
    id         uuid PRIMARY KEY,
    owner_id   uuid        NOT NULL,
    text       text        NOT NULL,
    written_at timestamptz NOT NULL,
    version    bigint      NOT NULL
);

CREATE INDEX sample_of_owner ON sample (owner_id, id);
