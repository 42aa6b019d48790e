package dev.sagamart.users.mail;

import dev.sagamart.users.user.EmailAddress;
import java.util.function.Supplier;

/**
 * A mail that is about to be sent.
 *
 * @param to the address as it is now
 * @param text called only if the limit allows the mail
 */
public record Draft(EmailAddress to, Allowance allowance, Supplier<MailText> text) {
}
