package dev.sagamart.users.user;

import dev.sagamart.platform.security.Role;
import java.util.Set;

/**
 * What is true of a user who can be logged in, and what their access tokens have to say.
 *
 * @param tokenGeneration of the access tokens that are still good
 */
public record Standing(Set<Role> roles, long tokenGeneration) {

	public Standing {
		roles = Set.copyOf(roles);
	}

}
