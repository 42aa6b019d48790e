package dev.sagamart.users.oauth.web;

import dev.sagamart.platform.web.ProblemException;
import dev.sagamart.users.oauth.BrowserLogins;
import dev.sagamart.users.session.LogIn;
import dev.sagamart.users.session.LogIn.BadCredentials;
import dev.sagamart.users.session.LogIn.LoggedIn;
import dev.sagamart.users.session.LogIn.Throttled;
import dev.sagamart.users.session.PasswordCheck;
import dev.sagamart.users.session.web.ClientAddresses;
import dev.sagamart.users.user.web.AuditSubject;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
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
 * The page on which people give their password. Its URL has the parameters of the
 * authorization that they come from and go back to, so no state is kept meanwhile and
 * nobody can be sent elsewhere.
 */
@Controller
@RequestMapping(AuthorizationServerConfiguration.LOGIN)
class LoginController {

	private static final MediaType HTML = new MediaType(MediaType.TEXT_HTML, StandardCharsets.UTF_8);

	private static final MediaType CSS = new MediaType("text", "css", StandardCharsets.UTF_8);

	private static final int MAX_PASSWORD_LENGTH = 256;

	private final PasswordCheck passwords;

	private final BrowserLogins logins;

	private final LoginCookie cookie;

	private final ClientAddresses addresses;

	private final String page = read("login.html");

	private final String style = read("login.css");

	LoginController(PasswordCheck passwords, BrowserLogins logins, LoginCookie cookie, ClientAddresses addresses) {
		this.passwords = passwords;
		this.logins = logins;
		this.cookie = cookie;
		this.addresses = addresses;
	}

	@GetMapping
	ResponseEntity<String> page(HttpServletRequest request, CsrfToken csrf) {
		mustComeFromAnAuthorization(request);
		return page(HttpStatus.OK, csrf, "", "");
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
			@RequestParam String email, @RequestParam String password) {
		mustComeFromAnAuthorization(request);
		return switch (check(email, password, request)) {
			case LoggedIn loggedIn -> {
				AuditSubject.name(response, loggedIn.userId().toString());
				this.cookie.set(response, this.logins.add(loggedIn));
				yield ResponseEntity.status(HttpStatus.SEE_OTHER)
					.header(HttpHeaders.LOCATION,
							AuthorizationServerConfiguration.AUTHORIZE + "?" + request.getQueryString())
					.build();
			}
			case BadCredentials _ ->
				page(HttpStatus.UNAUTHORIZED, csrf, email, "The email address or the password is wrong.");
			case Throttled throttled -> {
				long seconds = throttled.retryAfterSeconds();
				response.setHeader(HttpHeaders.RETRY_AFTER, String.valueOf(seconds));
				yield page(HttpStatus.TOO_MANY_REQUESTS, csrf, email,
						"Too many failed log-ins. Try again in " + Math.ceilDiv(seconds, 60) + " minutes.");
			}
		};
	}

	private LogIn check(String email, String password, HttpServletRequest request) {
		return (password.length() <= MAX_PASSWORD_LENGTH)
				? this.passwords.check(email, password, this.addresses.of(request)) : new BadCredentials();
	}

	private static void mustComeFromAnAuthorization(HttpServletRequest request) {
		String query = request.getQueryString();
		if (query == null || !query.contains(OAuth2ParameterNames.CLIENT_ID)) {
			throw ProblemException.badRequest("NOTHING_TO_LOG_IN_TO",
					"This page is reached from the application that you want to use.");
		}
	}

	private ResponseEntity<String> page(HttpStatus status, CsrfToken csrf, String email, String problem) {
		String alert = problem.isEmpty() ? "" : "<p role=\"alert\">" + HtmlUtils.htmlEscape(problem) + "</p>";
		return ResponseEntity.status(status)
			.contentType(HTML)
			.body(this.page.replace("{{csrf-name}}", csrf.getParameterName())
				.replace("{{csrf-token}}", csrf.getToken())
				.replace("{{alert}}", alert)
				.replace("{{email}}", HtmlUtils.htmlEscape(email)));
	}

	private static String read(String name) {
		try {
			return new ClassPathResource(name, LoginController.class).getContentAsString(StandardCharsets.UTF_8);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
