package dev.sagamart.gateway;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.springframework.core.Ordered;
import org.springframework.stereotype.Component;

/**
 * A filter of the gateway. The constants are the positions of all filters, in the order
 * in which a request passes them, with the reason for each position.
 */
@Component
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
public @interface EdgeFilter {

	/** First, so that every response has these headers, whoever refuses it. */
	int COMMON_HEADERS = Ordered.HIGHEST_PRECEDENCE;

	/** Before every filter that can refuse a request: all refusals are recorded. */
	int AUDIT = COMMON_HEADERS + 1;

	/** Before any filter relies on the end of the body or on the host. */
	int AMBIGUOUS_REQUEST = AUDIT + 1;

	/** Before the expensive filters; a preflight request needs none of them. */
	int CORS = AMBIGUOUS_REQUEST + 1;

	/** Before all expensive filters. */
	int LOAD_SHEDDING = CORS + 1;

	/** Before any filter reads the body. */
	int BODY_LIMIT = LOAD_SHEDDING + 1;

	/**
	 * Last before Spring Security, which checks tokens and paths, and before the route is
	 * chosen, so that a client over its limit learns nothing about tokens or routes.
	 */
	int RATE_LIMIT = BODY_LIMIT + 1;

	/** Before the route's bulkhead, which a slow client would occupy. */
	int BODY_BUFFERING = RATE_LIMIT + 1;

	/** Around all attempts of a call, and around the complete response. */
	int ROUTE_LIMITS = BODY_BUFFERING + 1;

	/**
	 * Around the call only, after Spring Cloud Gateway has resolved the address of the
	 * service. Releases the permit of load shedding when the response starts.
	 */
	int RESPONSE_START = Ordered.LOWEST_PRECEDENCE - 100;

	/** Last before the call. Applies the circuit breaker and retries. */
	int SERVICE_CALL = RESPONSE_START + 1;

}
