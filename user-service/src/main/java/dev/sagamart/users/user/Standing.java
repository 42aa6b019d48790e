package dev.sagamart.users.user;

import dev.sagamart.platform.security.Role;
import java.util.Set;

/**
 * What is true of a user who can be logged in, and what their access tokens have to say.
 *
 * @param roles that they have at the moment: an ADMIN who needs a second factor and has
 * none is a CUSTOMER
 * @param tokenGeneration of the access tokens that are still good
 */
public record Standing(Set<Role> roles, long tokenGeneration) {

	public Standing {
		roles = Set.copyOf(roles);
	}

}
