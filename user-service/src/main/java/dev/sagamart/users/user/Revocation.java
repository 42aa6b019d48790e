package dev.sagamart.users.user;

import java.util.UUID;

/**
 * That access tokens of a user were revoked.
 *
 * @param tokenGeneration of the tokens that are good; older ones are not
 */
public record Revocation(UUID userId, long tokenGeneration) {
}
