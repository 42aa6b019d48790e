package dev.sagamart.platform.request;

import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The id that follows a request through every service, log line, message and error. */
public final class CorrelationId {

	/** The name of the request and response header. */
	public static final String HEADER = "X-Correlation-Id";

	private static final Pattern VALID = Pattern.compile("[A-Za-z0-9._-]{1,64}");

	private CorrelationId() {
	}

	/** The client's id if it sent one that is well-formed, else a new one. */
	public static String of(@Nullable String sent) {
		return (sent != null && VALID.matcher(sent).matches()) ? sent : UUID.randomUUID().toString();
	}

}
