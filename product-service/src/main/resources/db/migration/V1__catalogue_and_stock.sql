-- A query's words, the last one as the beginning of a word, so that a search finds while it is being typed.
-- "simple" keeps words as they are written, "english" brings them to their stem; both are in search_words.
CREATE FUNCTION search_query(words text) RETURNS tsquery
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN websearch_to_tsquery('english'::regconfig, words) || (CASE
        WHEN websearch_to_tsquery('simple'::regconfig, words)::text LIKE '%'''
            THEN (websearch_to_tsquery('simple'::regconfig, words)::text || ':*')::tsquery
        ELSE websearch_to_tsquery('simple'::regconfig, words) END);

CREATE TABLE product (
    id              uuid PRIMARY KEY,
    sku             text        NOT NULL CONSTRAINT product_sku_key UNIQUE,
    name            text        NOT NULL,
    description     text        NOT NULL,
    category        text        NOT NULL CHECK (category ~ '^[a-z0-9-]{1,40}$'),
    price_amount    bigint      NOT NULL CHECK (price_amount > 0),
    price_currency  text        NOT NULL CHECK (price_currency ~ '^[A-Z]{3}$'),
    version         bigint      NOT NULL,
    created_at      timestamptz NOT NULL,
    updated_at      timestamptz NOT NULL,
    discontinued_at timestamptz,
    -- Byte order, so that a page token means the same under every locale.
    sort_name       text COLLATE "C" GENERATED ALWAYS AS (lower(name)) STORED,
    -- The dots, which no query can name, keep a phrase from running on from one text into the next.
    search_words    tsvector GENERATED ALWAYS AS (
        setweight(to_tsvector('english'::regconfig, name), 'A') || '''.'':1'::tsvector
        || setweight(to_tsvector('simple'::regconfig, name), 'A') || '''.'':1'::tsvector
        || setweight(to_tsvector('simple'::regconfig, sku), 'A') || '''.'':1'::tsvector
        || setweight(to_tsvector('simple'::regconfig, category), 'A') || '''.'':1'::tsvector
        || setweight(to_tsvector('english'::regconfig, description), 'B') || '''.'':1'::tsvector
        || setweight(to_tsvector('simple'::regconfig, description), 'C')) STORED
);

-- One per order of a list, with and without a category; "newest" without one is the primary key.
CREATE INDEX product_by_name ON product (sort_name, id) WHERE discontinued_at IS NULL;
CREATE INDEX product_by_price ON product (price_amount, id) WHERE discontinued_at IS NULL;
CREATE INDEX product_by_category_name ON product (category, sort_name, id) WHERE discontinued_at IS NULL;
CREATE INDEX product_by_category_price ON product (category, price_amount, id) WHERE discontinued_at IS NULL;
CREATE INDEX product_by_category_age ON product (category, id) WHERE discontinued_at IS NULL;
CREATE INDEX product_search ON product USING gin (search_words) WHERE discontinued_at IS NULL;

-- Always: initial + sum of adjustments = on_hand + sold. No index on the counters: every order changes them, and without
-- one the new row version stays on its page.
CREATE TABLE stock (
    product_id uuid PRIMARY KEY REFERENCES product,
    initial    bigint NOT NULL CHECK (initial >= 0),
    on_hand    bigint NOT NULL CHECK (on_hand >= 0),
    reserved   bigint NOT NULL DEFAULT 0 CHECK (reserved >= 0),
    sold       bigint NOT NULL DEFAULT 0 CHECK (sold >= 0),
    CONSTRAINT stock_reserved_is_on_hand CHECK (reserved <= on_hand)
) WITH (fillfactor = 50);

CREATE TABLE stock_adjustment (
    id         uuid PRIMARY KEY,
    product_id uuid        NOT NULL REFERENCES stock,
    delta      bigint      NOT NULL CHECK (delta <> 0),
    reason     text        NOT NULL,
    actor_id   uuid        NOT NULL,
    created_at timestamptz NOT NULL
);

CREATE INDEX stock_adjustment_by_product ON stock_adjustment (product_id, id);

-- One per order that any message named. NEW lives only inside a transaction. RELEASED and RETURNED without lines are
-- the tombstones of an undo that came before its do, CONFIRMED is a sale that came before its reservation.
CREATE TABLE reservation (
    order_id           uuid PRIMARY KEY,
    status             text        NOT NULL
        CHECK (status IN ('NEW', 'RESERVED', 'REJECTED', 'RELEASED', 'CONFIRMED', 'SOLD', 'RETURNED')),
    failure_code       text,
    failure_product_id uuid,
    failure_message    text,
    created_at         timestamptz NOT NULL,
    updated_at         timestamptz NOT NULL
) WITH (fillfactor = 70);

-- What of each product an order holds or bought. A rejected order has no lines: nothing was taken.
CREATE TABLE reservation_line (
    order_id   uuid   NOT NULL REFERENCES reservation,
    product_id uuid   NOT NULL REFERENCES stock,
    quantity   bigint NOT NULL CHECK (quantity > 0),
    PRIMARY KEY (order_id, product_id)
);
