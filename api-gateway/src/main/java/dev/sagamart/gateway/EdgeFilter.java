package dev.sagamart.gateway;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.springframework.core.Ordered;
import org.springframework.stereotype.Component;

/**
 * A filter of the edge. Here are the places of all, in the order in which a request meets
 * them, and why each stands where it does.
 */
@Component
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
public @interface EdgeFilter {

	/** First: every answer has them, whoever refuses the request. */
	int COMMON_HEADERS = Ordered.HIGHEST_PRECEDENCE;

	/** Before all that can refuse: it notes every refusal. */
	int AUDIT = COMMON_HEADERS + 1;

	/** Before anybody relies on where a body ends or which host is meant. */
	int UNAMBIGUOUS_REQUESTS = AUDIT + 1;

	/** Before other sites cost anything; a preflight needs nothing that comes later. */
	int CORS = UNAMBIGUOUS_REQUESTS + 1;

	/** Before everything that costs much. */
	int LOAD_SHEDDING = CORS + 1;

	/** Before somebody reads a body. */
	int BODY_LIMIT = LOAD_SHEDDING + 1;

	/**
	 * The last before Spring Security, which checks tokens and paths, and finding a
	 * route: who asks too often learns nothing of either.
	 */
	int RATE_LIMIT = BODY_LIMIT + 1;

	/** Before a place at the service is taken, which a slow client would keep. */
	int WHOLE_BODY = RATE_LIMIT + 1;

	/** Around all attempts and their answers. */
	int ROUTE_LIMITS = WHOLE_BODY + 1;

	/**
	 * Around the call alone, when Spring Cloud Gateway knows the address: the place of
	 * load shedding is free once an answer begins.
	 */
	int ANSWER_BEGINS = Ordered.LOWEST_PRECEDENCE - 100;

	/** The last before the call, which it may repeat: circuit and attempts. */
	int SERVICE_CALL = ANSWER_BEGINS + 1;

}
