package dev.sagamart.users.registration.web;

import dev.sagamart.platform.openapi.Answers;
import dev.sagamart.platform.problem.FieldProblem;
import dev.sagamart.platform.problem.ProblemException;
import dev.sagamart.platform.security.Role;
import dev.sagamart.users.session.FailedLogins;
import dev.sagamart.users.session.LogIn.Throttled;
import dev.sagamart.users.session.web.ClientAddresses;
import dev.sagamart.users.session.web.LogInProblems;
import dev.sagamart.users.user.Accounts;
import dev.sagamart.users.user.EmailAddress;
import dev.sagamart.users.user.web.AuditSubject;
import dev.sagamart.users.user.web.PersonalText;
import dev.sagamart.users.user.web.UserView;
import jakarta.annotation.security.PermitAll;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import java.net.URI;
import java.util.Set;
import org.hibernate.validator.constraints.CodePointLength;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/**
 * Registers accounts. A caller is told that an email address is taken, but only as often
 * as they may give a wrong password. After that, all registrations from the same network
 * address are refused for a while, so that the refusal reveals nothing.
 */
@RestController
@RequestMapping("/api/v1/users")
@PermitAll
class RegistrationController {

	/**
	 * Such answers are counted under this name instead of an account; it is not an
	 * address.
	 */
	private static final String REGISTRATIONS = "registrations";

	private final Accounts accounts;

	private final FailedLogins failures;

	private final ClientAddresses addresses;

	RegistrationController(Accounts accounts, FailedLogins failures, ClientAddresses addresses) {
		this.accounts = accounts;
		this.failures = failures;
		this.addresses = addresses;
	}

	record NewUser(@NotNull String email, @NotNull @CodePointLength(min = 12, max = 128) String password,
			@NotNull @PersonalText String name) {

		@Override
		public String toString() {
			return "NewUser[…]";
		}

	}

	@PostMapping
	@Answers({ 201, 409, 429 })
	ResponseEntity<UserView> register(@Valid @RequestBody NewUser wish, HttpServletRequest request,
			HttpServletResponse response) {
		EmailAddress email = EmailAddress.of(wish.email())
			.orElseThrow(() -> ProblemException.invalid(new FieldProblem("email", "must be an email address")));
		String address = this.addresses.of(request);
		this.failures.throttled(REGISTRATIONS, address).ifPresent((throttled) -> {
			throw tooMany(throttled);
		});
		UserView user = this.accounts
			.register(email, wish.password(), wish.name().strip(), Set.of(Role.CUSTOMER), false)
			.map(UserView::from)
			.orElseThrow(() -> taken(address));
		AuditSubject.name(response, user.id().toString());
		return ResponseEntity.created(URI.create("/api/v1/users/" + user.id())).body(user);
	}

	private ProblemException taken(String address) {
		return this.failures.failed(REGISTRATIONS, address)
			.map(RegistrationController::tooMany)
			.orElseGet(() -> ProblemException.conflict("EMAIL_TAKEN", "There is an account with this email address."));
	}

	private static ProblemException tooMany(Throttled throttled) {
		return LogInProblems.tooMany(throttled, "TOO_MANY_REGISTRATIONS",
				"Too many registrations with addresses that have an account. Try again later.");
	}

}
