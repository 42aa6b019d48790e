package dev.sagamart.users.user;

/**
 * An event inside the transaction that registers an account, whose address is not
 * confirmed.
 */
public record AccountRegistered(User user) {
}
