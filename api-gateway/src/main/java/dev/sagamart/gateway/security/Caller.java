package dev.sagamart.gateway.security;

import org.jspecify.annotations.Nullable;
import org.springframework.web.server.ServerWebExchange;

public final class Caller {

	private static final String ATTRIBUTE = Caller.class.getName();

	private Caller() {
	}

	/**
	 * The subject of the access token: the id of a user or of a service. {@code null} if
	 * there is none, it is not valid, or it was not checked yet, unless the service that
	 * answered has said whose request it was.
	 */
	public static @Nullable String idOf(ServerWebExchange exchange) {
		return exchange.getAttribute(ATTRIBUTE);
	}

	/** Says who it is, once a token was checked or a service knows. */
	public static void is(ServerWebExchange exchange, String id) {
		exchange.getAttributes().put(ATTRIBUTE, id);
	}

}
