package dev.sagamart.gateway.problem;

import dev.sagamart.gateway.DeclaredServices;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.springframework.stereotype.Component;
import org.springframework.web.util.UriUtils;

/**
 * Paths as they may be written down. What stands for a variable of a path that is
 * declared secret is as good as a password, and the same is said of all of them.
 */
@Component
public class RecordedPaths {

	private final List<Secret> secrets;

	RecordedPaths(DeclaredServices services) {
		this.secrets = services.paths().filter(DeclaredServices.Path::secret).map(Secret::of).toList();
	}

	/** The path, or in place of one with a secret the path without it. */
	public String of(String rawPath) {
		String path = UriUtils.decode(rawPath, StandardCharsets.UTF_8);
		return this.secrets.stream()
			.filter((secret) -> path.contains(secret.mark()))
			.map(Secret::path)
			.findFirst()
			.orElse(rawPath);
	}

	/** Known by the word before it, wherever that stands: {@code password-resets/}. */
	private record Secret(String path, String mark) {

		static Secret of(DeclaredServices.Path declared) {
			String before = declared.path().substring(0, declared.path().indexOf('{') - 1);
			return new Secret(declared.path(), before.substring(before.lastIndexOf('/') + 1) + "/");
		}

	}

}
