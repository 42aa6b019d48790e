package dev.sagamart.users.secondfactor.web;

import dev.sagamart.platform.openapi.Answers;
import dev.sagamart.platform.problem.ProblemException;
import dev.sagamart.platform.security.Caller;
import dev.sagamart.users.secondfactor.SecondFactor;
import dev.sagamart.users.secondfactor.SecondFactors;
import dev.sagamart.users.secondfactor.SecondFactors.Enrolment.Begun;
import dev.sagamart.users.secondfactor.SecondFactors.Enrolment.Exists;
import dev.sagamart.users.session.LogIn.Enrolled;
import dev.sagamart.users.session.LogIn.LoggedIn;
import dev.sagamart.users.session.LogIn.Throttled;
import dev.sagamart.users.session.LogIn.WrongCode;
import dev.sagamart.users.session.LogInCheck;
import dev.sagamart.users.session.web.PasswordAgain;
import dev.sagamart.users.session.web.LogInProblems;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.security.access.annotation.Secured;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.util.UriUtils;

@RestController
@RequestMapping("/api/v1/users")
@Secured({ "ROLE_CUSTOMER", "ROLE_ADMIN" })
class SecondFactorController {

	private final SecondFactors factors;

	private final PasswordAgain passwords;

	private final LogInCheck logInCheck;

	SecondFactorController(SecondFactors factors, PasswordAgain passwords, LogInCheck logInCheck) {
		this.factors = factors;
		this.passwords = passwords;
		this.logInCheck = logInCheck;
	}

	record OwnPassword(@NotNull @Size(max = 256) String password) {

		@Override
		public String toString() {
			return "OwnPassword[…]";
		}

	}

	record FirstCode(@NotNull @Size(max = 64) String code) {

		@Override
		public String toString() {
			return "FirstCode[…]";
		}

	}

	record PasswordAndCode(@NotNull @Size(max = 256) String password, @NotNull @Size(max = 64) String code) {

		@Override
		public String toString() {
			return "PasswordAndCode[…]";
		}

	}

	record SecondFactorView(boolean enrolled, @Nullable Instant enrolledAt, int recoveryCodesLeft) {

		static SecondFactorView from(Optional<SecondFactor> factor) {
			return new SecondFactorView(factor.isPresent(), factor.map(SecondFactor::enrolledAt).orElse(null),
					factor.map(SecondFactor::recoveryCodesLeft).orElse(0));
		}

	}

	/**
	 * The secret for an authenticator app.
	 *
	 * @param uri the same as a URI, which apps read as a QR code
	 */
	record SecretView(String secret, String uri) {

		static SecretView from(Begun begun) {
			return new SecretView(begun.secret(),
					"otpauth://totp/Sagamart:" + UriUtils.encode(begun.email(), StandardCharsets.UTF_8) + "?secret="
							+ begun.secret() + "&issuer=Sagamart");
		}

		@Override
		public String toString() {
			return "SecretView[…]";
		}

	}

	record RecoveryCodesView(List<String> recoveryCodes) {

		@Override
		public String toString() {
			return "RecoveryCodesView[…]";
		}

	}

	@GetMapping("/me/second-factor")
	SecondFactorView show(Caller caller) {
		return SecondFactorView.from(this.factors.find(caller.userId()));
	}

	/** Wrong passwords count as failed log-ins. */
	@PostMapping("/me/second-factor")
	@ResponseStatus(HttpStatus.CREATED)
	@Answers({ 409, 429 })
	SecretView begin(Caller caller, @Valid @RequestBody OwnPassword own, HttpServletRequest request) {
		LoggedIn user = this.passwords.check(caller, own.password(), request);
		return switch (this.factors.begin(user.userId(), user.tokenGeneration())
			.orElseThrow(ProblemException::invalidToken)) {
			case Begun begun -> SecretView.from(begun);
			case Exists _ -> throw ProblemException.conflict("SECOND_FACTOR_EXISTS",
					"There is a second factor already. Remove it first.");
		};
	}

	@PutMapping("/me/second-factor")
	@Answers(429)
	RecoveryCodesView confirm(Caller caller, @Valid @RequestBody FirstCode first) {
		return switch (this.logInCheck.confirmCode(caller.userId(), first.code())
			.orElseThrow(ProblemException::invalidToken)) {
			case Enrolled enrolled -> new RecoveryCodesView(enrolled.recoveryCodes());
			case WrongCode _ -> throw ProblemException.unprocessable("WRONG_CODE",
					"The code is wrong, or there is no secret that waits for its first code.");
			case Throttled throttled -> throw LogInProblems.tooMany(throttled);
		};
	}

	/**
	 * Wrong passwords and codes count as failed log-ins. With {@code DELETE}, Spring
	 * ignores a body of another media type, so the answer is 400 and never 415.
	 */
	@DeleteMapping("/me/second-factor")
	@ResponseStatus(HttpStatus.NO_CONTENT)
	@Answers(value = { 404, 429 }, never = 415)
	void remove(Caller caller, @Valid @RequestBody PasswordAndCode own, HttpServletRequest request) {
		LoggedIn user = this.passwords.check(caller, own.password(), request);
		if (this.factors.find(user.userId()).isEmpty()) {
			throw notFound();
		}
		switch (this.logInCheck.checkCode(user, own.code())) {
			case LoggedIn _ -> removed(this.factors.remove(user.userId(), user.tokenGeneration()));
			case WrongCode _ -> throw LogInProblems.wrongCode();
			case Throttled throttled -> throw LogInProblems.tooMany(throttled);
		}
	}

	/** For somebody who has lost app and recovery codes. */
	@Secured("ROLE_ADMIN")
	@DeleteMapping("/{id}/second-factor")
	@ResponseStatus(HttpStatus.NO_CONTENT)
	void remove(Caller caller, @PathVariable UUID id) {
		removed(this.factors.removeAsAdmin(caller.userId(), id));
	}

	private static void removed(Optional<Boolean> result) {
		if (!result.orElseThrow(ProblemException::invalidToken)) {
			throw notFound();
		}
	}

	private static ProblemException notFound() {
		return ProblemException.notFound("There is no second factor.");
	}

}
