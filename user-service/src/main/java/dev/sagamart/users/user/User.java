package dev.sagamart.users.user;

import dev.sagamart.platform.security.Role;
import java.time.Instant;
import java.util.Set;
import java.util.UUID;

/**
 * An account that was not erased.
 *
 * @param emailConfirmed whether they have shown that they read what is sent there
 */
public record User(UUID id, String email, boolean emailConfirmed, String name, Set<Role> roles, Instant createdAt) {

	public User {
		roles = Set.copyOf(roles);
	}

}
