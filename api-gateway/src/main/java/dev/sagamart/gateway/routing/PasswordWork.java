package dev.sagamart.gateway.routing;

import org.springframework.cloud.gateway.route.Route;

/**
 * Routes whose requests wait for a password to be hashed ({@code passwords: true} in
 * their metadata). That takes a core, and a second or two where many want it, which says
 * nothing about how the other requests fare.
 */
public final class PasswordWork {

	private PasswordWork() {
	}

	public static boolean isDoneBy(Route route) {
		return Boolean.TRUE.equals(route.getMetadata().get("passwords"));
	}

}
