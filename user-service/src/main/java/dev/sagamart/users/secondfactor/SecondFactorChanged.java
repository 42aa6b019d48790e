package dev.sagamart.users.secondfactor;

import dev.sagamart.users.user.User;

/**
 * Tells the rest of this service, inside the changing transaction, which has the user
 * locked, that a user now has a second factor, or no longer has one.
 */
public record SecondFactorChanged(User user, boolean enrolled) {
}
