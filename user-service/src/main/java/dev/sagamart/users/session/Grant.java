package dev.sagamart.users.session;

import java.util.Set;

/**
 * What a client may do for a user.
 *
 * @param clientId the only client that can refresh the session
 * @param scopes the most that it can have
 */
public record Grant(String clientId, Set<String> scopes) {

	public Grant {
		scopes = Set.copyOf(scopes);
	}

}
