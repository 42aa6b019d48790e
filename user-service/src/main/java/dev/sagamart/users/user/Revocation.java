package dev.sagamart.users.user;

import java.util.UUID;

/**
 * The revocation of access tokens of a user.
 *
 * @param tokenGeneration the oldest valid generation
 */
public record Revocation(UUID userId, long tokenGeneration) {
}
