package dev.sagamart.gateway;

import org.springframework.core.Ordered;

/**
 * The filters of the edge, in the order in which a request meets them, and why each
 * stands where it does.
 */
public enum FilterOrder {

	/** First: every answer has one, whoever refuses the request. */
	CORRELATION_ID(Phase.REQUEST),

	/** So does every answer have these. */
	SECURITY_HEADERS(Phase.REQUEST),

	/** Before all that can refuse: it notes every refusal. */
	AUDIT(Phase.REQUEST),

	/** Before anybody relies on where a body ends or which host is meant. */
	UNAMBIGUOUS_REQUESTS(Phase.REQUEST),

	/** Before other sites cost anything; a preflight needs nothing that comes later. */
	CORS(Phase.REQUEST),

	/** Before everything that costs much. */
	LOAD_SHEDDING(Phase.REQUEST),

	/** Before somebody reads a body. */
	BODY_LIMIT(Phase.REQUEST),

	/**
	 * The last before Spring Security, which checks tokens and paths, and finding a
	 * route: who asks too often learns nothing of either.
	 */
	RATE_LIMIT(Phase.REQUEST),

	/** First of the route's: the others see the route that is really taken. */
	CANARY(Phase.ROUTE),

	/** Before a place at the service is taken, which a slow client would keep. */
	WHOLE_BODY(Phase.ROUTE),

	/** Before the time runs: nobody waits for a place. */
	BULKHEAD(Phase.ROUTE),

	/** Around all attempts and their answers. */
	ROUTE_TIMEOUT(Phase.ROUTE),

	/**
	 * Around the call alone: the place of load shedding is free once an answer begins.
	 */
	ANSWER_BEGINS(Phase.CALL),

	/** The last before the call, which it may repeat: circuit and attempts. */
	SERVICE_CALL(Phase.CALL),

	/** First of an answer's headers, before only those pass that are for clients. */
	AUDIT_SUBJECT(Phase.ANSWER);

	private enum Phase {

		/** For every request. */
		REQUEST(Ordered.HIGHEST_PRECEDENCE),

		/**
		 * For those that have a route; Spring Cloud Gateway's first lets go of bodies.
		 */
		ROUTE(Ordered.HIGHEST_PRECEDENCE),

		/** After Spring Cloud Gateway knows the address, before it calls. */
		CALL(Ordered.LOWEST_PRECEDENCE - 100),

		/** For the headers of answers. */
		ANSWER(Ordered.HIGHEST_PRECEDENCE);

		private final int first;

		Phase(int first) {
			this.first = first;
		}

	}

	private final Phase phase;

	FilterOrder(Phase phase) {
		this.phase = phase;
	}

	/** As Spring sorts them. */
	@SuppressWarnings("EnumOrdinal") // the list is the order
	public int order() {
		return this.phase.first + ordinal();
	}

}
