package dev.sagamart.users.user;

import java.util.UUID;

/** What a log-in is checked against. */
public record Credentials(UUID userId, String passwordHash) {

	@Override
	public String toString() {
		return "Credentials[userId=" + this.userId + "]";
	}

}
