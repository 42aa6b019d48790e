package dev.sagamart.users.email;

import dev.sagamart.users.email.AccountMail.Kind;
import dev.sagamart.users.secondfactor.SecondFactorChanged;
import dev.sagamart.users.user.EmailAddress;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/** Tells users of a change of their second factor, if their address is confirmed. */
@Component
class SecondFactorMails {

	private final AccountMails mails;

	SecondFactorMails(AccountMails mails) {
		this.mails = mails;
	}

	@EventListener
	void tell(SecondFactorChanged changed) {
		if (changed.user().emailConfirmed()) {
			this.mails.want(changed.enrolled() ? Kind.SECOND_FACTOR_ADDED : Kind.SECOND_FACTOR_REMOVED,
					changed.user().id(), EmailAddress.of(changed.user().email()).orElseThrow());
		}
	}

}
