package dev.sagamart.users.user;

/**
 * An event inside the transaction that erases an account: listeners remove the data that
 * belongs to it.
 *
 * @param user the user, already erased and locked
 * @param email that the account had
 */
public record AccountErased(User user, EmailAddress email) {
}
