package dev.sagamart.gateway.problem;

import dev.sagamart.gateway.DeclaredServices;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.springframework.stereotype.Component;
import org.springframework.web.util.UriUtils;

/**
 * Removes secrets from paths before they are logged or recorded. A path variable that is
 * declared as secret is as sensitive as a password.
 */
@Component
public class PathRedaction {

	private final List<Secret> secrets;

	PathRedaction(DeclaredServices services) {
		this.secrets = services.paths().filter(DeclaredServices.Path::secret).map(Secret::of).toList();
	}

	/** Returns the path; if it contains a secret, the path pattern without the secret. */
	public String redact(String rawPath) {
		String path = UriUtils.decode(rawPath, StandardCharsets.UTF_8);
		return this.secrets.stream()
			.filter((secret) -> path.contains(secret.prefix()))
			.map(Secret::pattern)
			.findFirst()
			.orElse(rawPath);
	}

	/** Recognised by the segment before it, such as {@code password-resets/}. */
	private record Secret(String pattern, String prefix) {

		static Secret of(DeclaredServices.Path declared) {
			String before = declared.path().substring(0, declared.path().indexOf('{') - 1);
			return new Secret(declared.path(), before.substring(before.lastIndexOf('/') + 1) + "/");
		}

	}

}
