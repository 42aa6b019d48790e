package dev.sagamart.users.email.web;

import dev.sagamart.platform.openapi.Answers;
import dev.sagamart.platform.problem.FieldProblem;
import dev.sagamart.platform.problem.ProblemException;
import dev.sagamart.platform.security.Caller;
import dev.sagamart.users.email.EmailAddresses;
import dev.sagamart.users.email.EmailAddresses.Confirmation.Confirmed;
import dev.sagamart.users.email.EmailAddresses.Confirmation.EmailTaken;
import dev.sagamart.users.email.EmailAddresses.Confirmation.Invalid;
import dev.sagamart.users.session.LogIn.LoggedIn;
import dev.sagamart.users.session.web.PasswordAgain;
import dev.sagamart.users.user.EmailAddress;
import dev.sagamart.users.user.web.AuditSubject;
import jakarta.annotation.security.PermitAll;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import org.springframework.http.HttpStatus;
import org.springframework.security.access.annotation.Secured;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

@RestController
class EmailController {

	private final EmailAddresses emails;

	private final PasswordAgain passwords;

	EmailController(EmailAddresses emails, PasswordAgain passwords) {
		this.emails = emails;
		this.passwords = passwords;
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
	@Secured({ "ROLE_CUSTOMER", "ROLE_ADMIN" })
	@PutMapping("/api/v1/users/me/email")
	@ResponseStatus(HttpStatus.ACCEPTED)
	@Answers(429)
	void change(Caller caller, @Valid @RequestBody NewEmail wish, HttpServletRequest request) {
		EmailAddress email = EmailAddress.of(wish.email())
			.orElseThrow(() -> ProblemException.invalid(new FieldProblem("email", "must be an email address")));
		LoggedIn login = this.passwords.check(caller, wish.password(), request);
		if (!this.emails.change(login, email)) {
			throw ProblemException.invalidToken();
		}
	}

	@PermitAll
	@PostMapping("/api/v1/email-confirmations")
	@ResponseStatus(HttpStatus.NO_CONTENT)
	@Answers({ 404, 409 })
	void confirm(@Valid @RequestBody MailedToken mailed, HttpServletResponse response) {
		switch (this.emails.confirm(mailed.token())) {
			case Confirmed confirmed -> AuditSubject.name(response, confirmed.userId().toString());
			case EmailTaken _ ->
				throw ProblemException.conflict("EMAIL_TAKEN", "There is another account with this email address.");
			case Invalid _ -> throw ProblemException.notFound("This token is not valid, or is no longer valid.");
		}
	}

}
