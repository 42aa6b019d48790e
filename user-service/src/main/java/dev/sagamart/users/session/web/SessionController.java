package dev.sagamart.users.session.web;

import dev.sagamart.platform.openapi.Answers;
import dev.sagamart.platform.problem.ProblemException;
import dev.sagamart.platform.security.Caller;
import dev.sagamart.platform.tokens.TokenAuthorities;
import dev.sagamart.users.session.LogIn.BadCredentials;
import dev.sagamart.users.session.LogIn.LoggedIn;
import dev.sagamart.users.session.LogIn.SecondFactorRequired;
import dev.sagamart.users.session.LogIn.Throttled;
import dev.sagamart.users.session.LogIn.WrongCode;
import dev.sagamart.users.session.LogInCheck;
import dev.sagamart.users.session.Sessions.Refresh.BeyondGrant;
import dev.sagamart.users.session.Sessions.Refresh.Invalid;
import dev.sagamart.users.session.Sessions.Refresh.Refreshed;
import dev.sagamart.users.session.Sessions.Refresh.Reused;
import dev.sagamart.users.session.Sessions.Tokens;
import dev.sagamart.users.session.Sessions;
import dev.sagamart.users.user.web.AuditSubject;
import jakarta.annotation.security.PermitAll;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import java.time.temporal.ChronoUnit;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.security.access.annotation.Secured;
import org.springframework.security.oauth2.core.AbstractOAuth2Token;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

@RestController
@RequestMapping("/api/v1/sessions")
@PermitAll
class SessionController {

	private final LogInCheck logInCheck;

	private final Sessions sessions;

	private final ClientAddresses addresses;

	SessionController(LogInCheck logInCheck, Sessions sessions, ClientAddresses addresses) {
		this.logInCheck = logInCheck;
		this.sessions = sessions;
		this.addresses = addresses;
	}

	/**
	 * The credentials of a log-in.
	 *
	 * @param code of the second factor, if the user has one
	 */
	record NewSession(@NotNull @Size(max = 254) String email, @NotNull @Size(max = 256) String password,
			@Nullable @Size(max = 64) String code) {

		@Override
		public String toString() {
			return "NewSession[…]";
		}

	}

	record PresentedToken(@NotNull @Size(max = 200) String refreshToken) {

		@Override
		public String toString() {
			return "PresentedToken[…]";
		}

	}

	record TokenView(String accessToken, String tokenType, long expiresIn, String refreshToken, long refreshExpiresIn) {

		static TokenView from(Tokens tokens) {
			return new TokenView(tokens.accessToken().getTokenValue(), "Bearer", life(tokens.accessToken()),
					tokens.refreshToken().getTokenValue(), life(tokens.refreshToken()));
		}

		private static long life(AbstractOAuth2Token token) {
			return ChronoUnit.SECONDS.between(token.getIssuedAt(), token.getExpiresAt());
		}

		@Override
		public String toString() {
			return "TokenView[…]";
		}

	}

	@PostMapping
	@ResponseStatus(HttpStatus.CREATED)
	@Answers({ 401, 429 })
	TokenView logIn(@Valid @RequestBody NewSession wish, HttpServletRequest request, HttpServletResponse response) {
		return switch (this.logInCheck.check(wish.email(), wish.password(), wish.code(), this.addresses.of(request))) {
			case LoggedIn loggedIn ->
				answer(this.sessions.begin(loggedIn, null, Set.of()).orElseThrow(SessionController::badCredentials),
						response);
			case BadCredentials _ -> throw badCredentials();
			case SecondFactorRequired _ -> throw ProblemException.of(HttpStatus.UNAUTHORIZED, "SECOND_FACTOR_REQUIRED",
					"This account has a second factor: a code is needed too.");
			case WrongCode _ -> throw LogInProblems.wrongCode();
			case Throttled throttled -> throw LogInProblems.tooMany(throttled);
		};
	}

	@PostMapping("/refresh")
	@Answers(401)
	TokenView refresh(@Valid @RequestBody PresentedToken token, HttpServletResponse response) {
		return switch (this.sessions.refresh(token.refreshToken(), null, Set.of())) {
			case Refreshed refreshed -> answer(refreshed.tokens(), response);
			case Reused _ -> throw ProblemException.of(HttpStatus.UNAUTHORIZED, "REFRESH_TOKEN_REUSED",
					"This refresh token was used before. The session has ended.");
			case Invalid _, BeyondGrant _ -> throw ProblemException.of(HttpStatus.UNAUTHORIZED, "INVALID_REFRESH_TOKEN",
					"This refresh token is not valid, or is no longer valid.");
		};
	}

	@Secured({ TokenAuthorities.USER, "SCOPE_openid" })
	@DeleteMapping("/current")
	@ResponseStatus(HttpStatus.NO_CONTENT)
	void end(Caller caller, @Valid @RequestBody PresentedToken token) {
		this.sessions.end(caller.userId(), token.refreshToken());
	}

	private static TokenView answer(Tokens tokens, HttpServletResponse response) {
		AuditSubject.name(response, tokens.userId().toString());
		return TokenView.from(tokens);
	}

	private static ProblemException badCredentials() {
		return ProblemException.of(HttpStatus.UNAUTHORIZED, "BAD_CREDENTIALS",
				"The email address or the password is wrong.");
	}

}
