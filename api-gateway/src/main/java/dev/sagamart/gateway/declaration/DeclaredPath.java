package dev.sagamart.gateway.declaration;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.http.HttpMethod;
import org.springframework.util.Assert;

/**
 * A path that leads to a service. Methods with {@code GET} among them have {@code HEAD}
 * too.
 *
 * @param path a pattern of Spring's
 * @param open methods that need no access token
 * @param only the same, where there are no other methods
 * @param throttled methods that count as attempts to log in or to register
 * @param passwords methods that wait for a password to be hashed
 * @param audited methods that only administrators have a use for, noted even if they
 * change nothing
 * @param streaming whether its answers have no end
 * @param secret whether what a variable of the path stands for must not be written down
 */
public record DeclaredPath(String path, @DefaultValue Set<HttpMethod> open, @DefaultValue Set<HttpMethod> only,
		@DefaultValue Set<HttpMethod> throttled, @DefaultValue Set<HttpMethod> passwords,
		@DefaultValue Set<HttpMethod> audited, boolean streaming, boolean secret) {

	private static final List<HttpMethod> METHODS = List.of(HttpMethod.values());

	public DeclaredPath {
		open = withHead(open);
		only = withHead(only);
		throttled = withHead(throttled);
		passwords = withHead(passwords);
		audited = withHead(audited);
	}

	/** Methods that need no access token. */
	public Set<HttpMethod> withoutToken() {
		return this.only.isEmpty() ? this.open : this.only;
	}

	private static Set<HttpMethod> withHead(Set<HttpMethod> methods) {
		Assert.isTrue(METHODS.containsAll(methods), () -> "One of " + methods + " is not among " + METHODS);
		Set<HttpMethod> all = new HashSet<>(methods);
		if (all.contains(HttpMethod.GET)) {
			all.add(HttpMethod.HEAD);
		}
		return Set.copyOf(all);
	}

}
