package dev.sagamart.platform.request;

import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The id that identifies a request in every service, log line, message and error. */
public final class CorrelationId {

	/** The name of the request and response header. */
	public static final String HEADER = "X-Correlation-Id";

	private static final Pattern VALID = Pattern.compile("[A-Za-z0-9._-]{1,64}");

	private CorrelationId() {
	}

	/** Returns the client's id if it is well-formed, otherwise a new one. */
	public static String of(@Nullable String sent) {
		return (sent != null && VALID.matcher(sent).matches()) ? sent : UUID.randomUUID().toString();
	}

}
