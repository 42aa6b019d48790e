-- Few operations are declined, and somebody who looks at their payment asks for those.
CREATE INDEX operation_declined ON operation (payment_id, id) WHERE outcome = 'DECLINED' OR refusals > 0;

-- An administrator asks what became of the refunds that people asked for.
CREATE INDEX operation_by_person ON operation (payment_id, refund_id) WHERE refund_id IS NOT NULL;
