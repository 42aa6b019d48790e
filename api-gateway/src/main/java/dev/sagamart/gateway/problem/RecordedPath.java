package dev.sagamart.gateway.problem;

import java.nio.charset.StandardCharsets;
import org.springframework.web.util.UriUtils;

/**
 * A path as it may be written down. What follows {@code password-resets/} is as good as a
 * password, and the same is said of all of them.
 */
public final class RecordedPath {

	private static final String SECRET = "password-resets/";

	private RecordedPath() {
	}

	/** The path, or in place of one with a token the path without it. */
	public static String of(String rawPath) {
		boolean secret = UriUtils.decode(rawPath, StandardCharsets.UTF_8).contains(SECRET);
		return secret ? "/api/v1/" + SECRET + "{token}" : rawPath;
	}

}
