-- Few operations are declined, and somebody who looks at their payment asks for those.
CREATE INDEX operation_declined ON operation (payment_id, id) WHERE outcome = 'DECLINED' OR refusals > 0;
