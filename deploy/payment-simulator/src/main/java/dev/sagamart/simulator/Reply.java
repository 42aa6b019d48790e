package dev.sagamart.simulator;

import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * The reply to a call.
 *
 * @param replayed whether it repeats an earlier reply for the same idempotency key
 * @param delivery when the reply is sent
 */
record Reply(int status, ObjectNode json, boolean replayed, Delivery delivery) {

	enum Delivery {

		AT_ONCE, LATE, NEVER

	}

	static final Reply NONE = new Reply(0, JsonNodeFactory.instance.objectNode(), false, Delivery.NEVER);

	/** Whether an operation was executed; a declined card is a result, too. */
	boolean isNewResult() {
		return !this.replayed && (this.status == 200 || this.status == 402);
	}

	static Reply ok(ObjectNode json) {
		return new Reply(200, json, false, Delivery.AT_ONCE);
	}

}
