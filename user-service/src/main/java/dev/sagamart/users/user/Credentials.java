package dev.sagamart.users.user;

import java.util.UUID;

/**
 * What a log-in is checked against.
 *
 * @param tokenGeneration of the user when this was the password: all that ends what was
 * begun with a password begins another one
 */
public record Credentials(UUID userId, String passwordHash, long tokenGeneration) {

	@Override
	public String toString() {
		return "Credentials[userId=" + this.userId + "]";
	}

}
