package dev.sagamart.platform.security;

import java.util.Set;
import java.util.UUID;

/**
 * The user of the current request, from a verified access token; a controller parameter.
 */
public record Caller(UUID userId, Set<Role> roles) {

	public Caller {
		roles = Set.copyOf(roles);
	}

	public boolean isAdmin() {
		return this.roles.contains(Role.ADMIN);
	}

	/** Whether the caller may see what belongs to a user. */
	public boolean maySee(UUID ownerId) {
		return isAdmin() || this.userId.equals(ownerId);
	}

}
