package dev.sagamart.users.email.web;

import dev.sagamart.platform.problem.FieldProblem;
import dev.sagamart.platform.problem.ProblemException;
import dev.sagamart.users.email.PasswordResets;
import dev.sagamart.users.user.EmailAddress;
import dev.sagamart.users.user.web.AuditSubject;
import jakarta.annotation.security.PermitAll;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import java.util.UUID;
import org.hibernate.validator.constraints.CodePointLength;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

@RestController
@RequestMapping(PasswordResetController.PATH)
@PermitAll
class PasswordResetController {

	static final String PATH = "/api/v1/password-resets";

	private final PasswordResets resets;

	PasswordResetController(PasswordResets resets) {
		this.resets = resets;
	}

	record Forgotten(@NotNull String email) {

		@Override
		public String toString() {
			return "Forgotten[…]";
		}

	}

	record NewPassword(@NotNull @CodePointLength(min = 12, max = 128) String password) {

		@Override
		public String toString() {
			return "NewPassword[…]";
		}

	}

	@PostMapping
	@ResponseStatus(HttpStatus.ACCEPTED)
	void ask(@Valid @RequestBody Forgotten forgotten) {
		this.resets.ask(EmailAddress.of(forgotten.email())
			.orElseThrow(() -> ProblemException.invalid(new FieldProblem("email", "must be an email address"))));
	}

	@PutMapping("/{token}")
	@ResponseStatus(HttpStatus.NO_CONTENT)
	void reset(@PathVariable String token, @Valid @RequestBody NewPassword wish, HttpServletResponse response) {
		UUID userId = this.resets.reset(token, wish.password())
			.orElseThrow(() -> ProblemException.notFound("This token is not valid, or is no longer valid."));
		AuditSubject.name(response, userId.toString());
	}

}
