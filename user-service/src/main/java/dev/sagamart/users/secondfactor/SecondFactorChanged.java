package dev.sagamart.users.secondfactor;

import dev.sagamart.users.user.User;

/**
 * Tells the rest of this service, inside the changing transaction, which has the user
 * locked, that a user has a second factor from now on, or none any more.
 */
public record SecondFactorChanged(User user, boolean enrolled) {
}
