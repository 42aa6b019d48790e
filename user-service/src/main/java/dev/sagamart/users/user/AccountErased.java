package dev.sagamart.users.user;

/**
 * Tells the rest of this service, inside the erasing transaction, that an account and all
 * that hangs on it has to go.
 *
 * @param user who is erased already, and locked
 * @param email that the account had
 */
public record AccountErased(User user, EmailAddress email) {
}
