-- An order and its saga are one row, since they change together and are locked together.
-- The lines are what was quoted: written once, read as a whole, never joined.
CREATE TABLE orders (
    id               uuid PRIMARY KEY,
    user_id          uuid        NOT NULL,
    state            text        NOT NULL,
    lines            jsonb       NOT NULL,
    total_amount     bigint      NOT NULL,
    currency         char(3)     NOT NULL,
    shipping_address jsonb       NOT NULL,
    payment_method   text        NOT NULL,
    failure_code     text,
    failure_message  text,
    attempts         int         NOT NULL,
    deadline         timestamptz,
    steps            int         NOT NULL,
    events           int         NOT NULL,
    created_at       timestamptz NOT NULL DEFAULT now(),
    updated_at       timestamptz NOT NULL DEFAULT now()
);

-- Ids are UUIDv7: newest first is backwards through this index, or through the primary key.
CREATE INDEX orders_of_user ON orders (user_id, id);
-- A deadline runs exactly while the saga waits for somebody.
CREATE INDEX orders_waiting ON orders (deadline) WHERE deadline IS NOT NULL;

-- The journal of every saga. No foreign key: a row is only ever written together with its
-- order's, under that row's lock, and the check would cost a lookup per step.
CREATE TABLE saga_step (
    order_id uuid        NOT NULL,
    sequence int         NOT NULL,
    at       timestamptz NOT NULL,
    service  text        NOT NULL,
    type     text        NOT NULL,
    state    text        NOT NULL,
    detail   text        NOT NULL,
    trace_id text,
    PRIMARY KEY (order_id, sequence)
);

CREATE TABLE shipment (
    order_id   uuid PRIMARY KEY,
    state      text        NOT NULL CHECK (state IN ('BOOKED', 'CANCELLED', 'SENT', 'DELIVERED')),
    updated_at timestamptz NOT NULL DEFAULT now()
);

-- What product-service last told of its products. No name and no price: it is not sold any more.
CREATE TABLE price_list (
    product_id uuid PRIMARY KEY,
    name       text,
    amount     bigint,
    currency   char(3),
    version    bigint NOT NULL,
    CHECK (num_nulls(name, amount, currency) IN (0, 3))
);

CREATE TABLE cart_item (
    user_id    uuid        NOT NULL,
    product_id uuid        NOT NULL,
    quantity   int         NOT NULL CHECK (quantity BETWEEN 1 AND 999),
    added_at   timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (user_id, product_id)
);

-- Users who are no more: what they left goes at due_at, or again if something could not go
-- yet or may still come in; no due_at once that cannot be. The row stays, against their tokens.
CREATE TABLE erased_user (
    user_id   uuid PRIMARY KEY,
    erased_at timestamptz NOT NULL,
    due_at    timestamptz
);

CREATE INDEX erased_user_due ON erased_user (due_at) WHERE due_at IS NOT NULL;
