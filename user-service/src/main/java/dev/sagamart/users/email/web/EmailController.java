package dev.sagamart.users.email.web;

import dev.sagamart.platform.openapi.Answers;
import dev.sagamart.platform.problem.FieldProblem;
import dev.sagamart.platform.security.Caller;
import dev.sagamart.platform.web.ProblemException;
import dev.sagamart.users.email.Confirmation.Confirmed;
import dev.sagamart.users.email.Confirmation.EmailTaken;
import dev.sagamart.users.email.Confirmation.Invalid;
import dev.sagamart.users.email.EmailAddresses;
import dev.sagamart.users.session.LogIn.BadCredentials;
import dev.sagamart.users.session.LogIn.LoggedIn;
import dev.sagamart.users.session.LogIn.Throttled;
import dev.sagamart.users.session.PasswordCheck;
import dev.sagamart.users.session.web.ClientAddresses;
import dev.sagamart.users.session.web.TooManyFailures;
import dev.sagamart.users.user.Accounts;
import dev.sagamart.users.user.EmailAddress;
import dev.sagamart.users.user.User;
import dev.sagamart.users.user.web.AuditSubject;
import dev.sagamart.users.user.web.StaleToken;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

@RestController
class EmailController {

	private final EmailAddresses emails;

	private final Accounts accounts;

	private final PasswordCheck passwords;

	private final ClientAddresses addresses;

	EmailController(EmailAddresses emails, Accounts accounts, PasswordCheck passwords, ClientAddresses addresses) {
		this.emails = emails;
		this.accounts = accounts;
		this.passwords = passwords;
		this.addresses = addresses;
	}

	record NewEmail(@NotNull String email, @NotNull @Size(max = 256) String password) {

		@Override
		public String toString() {
			return "NewEmail[…]";
		}

	}

	record MailedToken(@NotNull @Size(max = 200) String token) {

		@Override
		public String toString() {
			return "MailedToken[…]";
		}

	}

	/** Wrong passwords count as failed log-ins. */
	@PutMapping("/api/v1/users/me/email")
	@ResponseStatus(HttpStatus.ACCEPTED)
	@Answers(429)
	void change(Caller caller, @Valid @RequestBody NewEmail wish, HttpServletRequest request,
			HttpServletResponse response) {
		EmailAddress email = EmailAddress.of(wish.email())
			.orElseThrow(() -> ProblemException.invalid(new FieldProblem("email", "must be an email address")));
		User user = this.accounts.find(caller.userId()).orElseThrow(StaleToken::refused);
		switch (this.passwords.check(user.email(), wish.password(), this.addresses.of(request))) {
			case LoggedIn loggedIn -> {
				if (!this.emails.change(user.id(), email, loggedIn.tokenGeneration())) {
					throw StaleToken.refused();
				}
			}
			case BadCredentials _ ->
				throw ProblemException.of(HttpStatus.UNAUTHORIZED, "BAD_CREDENTIALS", "The password is wrong.");
			case Throttled throttled -> throw TooManyFailures.refused(throttled, response);
		}
	}

	@PostMapping("/api/v1/email-confirmations")
	@ResponseStatus(HttpStatus.NO_CONTENT)
	@Answers({ 404, 409 })
	void confirm(@Valid @RequestBody MailedToken mailed, HttpServletResponse response) {
		switch (this.emails.confirm(mailed.token())) {
			case Confirmed confirmed -> AuditSubject.name(response, confirmed.userId().toString());
			case EmailTaken _ ->
				throw ProblemException.conflict("EMAIL_TAKEN", "There is another account with this email address.");
			case Invalid _ -> throw ProblemException.notFound("This token is not valid, or no longer.");
		}
	}

}
