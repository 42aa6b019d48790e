package dev.sagamart.users.secondfactor;

import java.time.Instant;

/**
 * Somebody's second factor.
 *
 * @param enrolledAt when its first code was given
 * @param recoveryCodesLeft how many were not used
 */
public record SecondFactor(Instant enrolledAt, int recoveryCodesLeft) {
}
