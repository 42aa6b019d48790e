package dev.sagamart.platform.security;

import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The user of the current request, from a verified access token; a controller parameter.
 */
public record Caller(UUID userId, Set<Role> roles) {

	private static final int ID_LENGTH = 36;

	public Caller {
		roles = Set.copyOf(roles);
	}

	/**
	 * The user whom the subject of a token names; empty for a service, whose token has
	 * its name in place of an id.
	 */
	public static Optional<UUID> idOf(@Nullable String subject) {
		try {
			return (subject != null && subject.length() == ID_LENGTH) ? Optional.of(UUID.fromString(subject))
					: Optional.empty();
		}
		catch (IllegalArgumentException _) {
			return Optional.empty();
		}
	}

	public boolean isAdmin() {
		return this.roles.contains(Role.ADMIN);
	}

	/** Whether something of that user exists as far as this caller is concerned. */
	public boolean maySee(UUID ownerId) {
		return isAdmin() || this.userId.equals(ownerId);
	}

}
