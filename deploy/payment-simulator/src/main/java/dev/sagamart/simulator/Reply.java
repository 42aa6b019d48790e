package dev.sagamart.simulator;

/**
 * What to send back.
 *
 * @param replayed whether this was answered before under the same key
 * @param delivery what happens to the reply on its way
 */
record Reply(int status, String json, boolean replayed, Delivery delivery) {

	enum Delivery {

		AT_ONCE, LATE, NEVER

	}

	static Reply ok(String json) {
		return new Reply(200, json, false, Delivery.AT_ONCE);
	}

	static Reply of(Refusal refusal) {
		return new Reply(refusal.status(), refusal.json(null), false, Delivery.AT_ONCE);
	}

}
