package dev.sagamart.users.oauth.web;

import dev.sagamart.platform.problem.ProblemException;
import dev.sagamart.users.oauth.BrowserLogins;
import dev.sagamart.users.session.LogIn;
import dev.sagamart.users.session.LogIn.BadCredentials;
import dev.sagamart.users.session.LogIn.LoggedIn;
import dev.sagamart.users.session.LogIn.SecondFactorRequired;
import dev.sagamart.users.session.LogIn.Throttled;
import dev.sagamart.users.session.LogIn.WrongCode;
import dev.sagamart.users.session.LogInCheck;
import dev.sagamart.users.session.web.ClientAddresses;
import dev.sagamart.users.user.web.AuditSubject;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.core.io.ClassPathResource;
import org.springframework.http.CacheControl;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.security.oauth2.core.endpoint.OAuth2ParameterNames;
import org.springframework.security.web.csrf.CsrfToken;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.util.HtmlUtils;

/**
 * The login page. Its URL has the parameters of the authorization to which it returns, so
 * the server keeps no state, and a user cannot be redirected elsewhere.
 */
@Controller
@RequestMapping(AuthorizationServerConfiguration.LOGIN)
class LoginController {

	private static final MediaType HTML = new MediaType(MediaType.TEXT_HTML, StandardCharsets.UTF_8);

	private static final MediaType CSS = new MediaType("text", "css", StandardCharsets.UTF_8);

	private static final int MAX_PASSWORD_LENGTH = 256;

	private static final int MAX_CODE_LENGTH = 64;

	private final LogInCheck logInCheck;

	private final BrowserLogins logins;

	private final LoginCookie cookie;

	private final ClientAddresses addresses;

	private final String page;

	private final String style;

	LoginController(LogInCheck logInCheck, BrowserLogins logins, LoginCookie cookie, ClientAddresses addresses)
			throws IOException {
		this.logInCheck = logInCheck;
		this.logins = logins;
		this.cookie = cookie;
		this.addresses = addresses;
		this.page = read("login.html");
		this.style = read("login.css");
	}

	@GetMapping
	ResponseEntity<String> page(HttpServletRequest request, CsrfToken csrf) {
		mustComeFromAnAuthorization(request);
		return page(HttpStatus.OK, csrf, "", "", false);
	}

	@GetMapping("/style.css")
	ResponseEntity<String> style() {
		return ResponseEntity.ok()
			.contentType(CSS)
			.cacheControl(CacheControl.maxAge(Duration.ofHours(1)).cachePublic())
			.body(this.style);
	}

	@PostMapping
	ResponseEntity<String> logIn(HttpServletRequest request, HttpServletResponse response, CsrfToken csrf,
			@RequestParam String email, @RequestParam String password,
			@RequestParam(required = false) @Nullable String code) {
		mustComeFromAnAuthorization(request);
		return switch (check(email, password, code, request)) {
			case LoggedIn loggedIn -> {
				AuditSubject.name(response, loggedIn.userId().toString());
				this.cookie.set(response, this.logins.add(loggedIn));
				yield ResponseEntity.status(HttpStatus.SEE_OTHER)
					.header(HttpHeaders.LOCATION,
							AuthorizationServerConfiguration.AUTHORIZE + "?" + request.getQueryString())
					.build();
			}
			case BadCredentials _ ->
				page(HttpStatus.UNAUTHORIZED, csrf, email, "The email address or the password is wrong.", false);
			case SecondFactorRequired _ -> page(HttpStatus.UNAUTHORIZED, csrf, email,
					"Your account has a second factor. Enter your password again, and a code.", true);
			case WrongCode _ -> page(HttpStatus.UNAUTHORIZED, csrf, email,
					"The code of your second factor is wrong, or was used before.", true);
			case Throttled throttled -> {
				long seconds = throttled.retryAfterSeconds();
				response.setHeader(HttpHeaders.RETRY_AFTER, String.valueOf(seconds));
				yield page(HttpStatus.TOO_MANY_REQUESTS, csrf, email,
						"Too many failed log-ins. Try again in " + Math.ceilDiv(seconds, 60) + " minutes.", false);
			}
		};
	}

	private LogIn check(String email, String password, @Nullable String code, HttpServletRequest request) {
		boolean readable = password.length() <= MAX_PASSWORD_LENGTH
				&& (code == null || code.length() <= MAX_CODE_LENGTH);
		return readable ? this.logInCheck.check(email, password, code, this.addresses.of(request))
				: new BadCredentials();
	}

	private static void mustComeFromAnAuthorization(HttpServletRequest request) {
		String query = request.getQueryString();
		if (query == null || !query.contains(OAuth2ParameterNames.CLIENT_ID)) {
			throw ProblemException.badRequest("NOTHING_TO_LOG_IN_TO",
					"This page is reached from the application that you want to use.");
		}
	}

	/** The field for a code is open or collapsed. */
	private ResponseEntity<String> page(HttpStatus status, CsrfToken csrf, String email, String problem,
			boolean askForCode) {
		String alert = problem.isEmpty() ? "" : "<p role=\"alert\">" + HtmlUtils.htmlEscape(problem) + "</p>";
		return ResponseEntity.status(status)
			.contentType(HTML)
			.body(this.page.replace("{{csrf-name}}", csrf.getParameterName())
				.replace("{{csrf-token}}", csrf.getToken())
				.replace("{{alert}}", alert)
				.replace("{{open}}", askForCode ? " open" : "")
				.replace("{{email}}", HtmlUtils.htmlEscape(email)));
	}

	private static String read(String name) throws IOException {
		return new ClassPathResource(name, LoginController.class).getContentAsString(StandardCharsets.UTF_8);
	}

}
