package dev.sagamart.gateway.problem;

import java.util.List;
import java.util.UUID;
import java.util.regex.Pattern;
import org.springframework.web.server.ServerWebExchange;

/** The id that a request is known by in every answer, log line, event and error. */
public final class CorrelationId {

	/** The name of the request and response header. */
	public static final String HEADER = "X-Correlation-Id";

	private static final String ATTRIBUTE = CorrelationId.class.getName();

	private static final Pattern VALID = Pattern.compile("[A-Za-z0-9._-]{1,64}");

	private CorrelationId() {
	}

	/**
	 * The id of this request: the client's, if it sent exactly one and that is valid;
	 * else a new one.
	 */
	public static String of(ServerWebExchange exchange) {
		return (String) exchange.getAttributes()
			.computeIfAbsent(ATTRIBUTE,
					(attribute) -> accepted(exchange.getRequest().getHeaders().getValuesAsList(HEADER)));
	}

	private static String accepted(List<String> sent) {
		return (sent.size() == 1 && VALID.matcher(sent.getFirst()).matches()) ? sent.getFirst() : make();
	}

	static String make() {
		return UUID.randomUUID().toString();
	}

}
