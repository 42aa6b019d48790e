package dev.sagamart.gateway.security;

import org.jspecify.annotations.Nullable;
import org.springframework.web.server.ServerWebExchange;

public final class Caller {

	private static final String ATTRIBUTE = Caller.class.getName();

	private Caller() {
	}

	/**
	 * The id of the user or service that sent a request: the subject of its access token,
	 * or the user that the service named in its response. {@code null} if neither is
	 * known, also while the token has not been checked yet.
	 */
	public static @Nullable String idOf(ServerWebExchange exchange) {
		return exchange.getAttribute(ATTRIBUTE);
	}

	/** Sets the id, after the token was checked or when the service named the user. */
	public static void is(ServerWebExchange exchange, String id) {
		exchange.getAttributes().put(ATTRIBUTE, id);
	}

}
