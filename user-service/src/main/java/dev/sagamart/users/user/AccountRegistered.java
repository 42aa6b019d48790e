package dev.sagamart.users.user;

/**
 * Tells the rest of this service, inside the registering transaction, that there is a new
 * account, whose address is not confirmed.
 */
public record AccountRegistered(User user) {
}
