package dev.sagamart.users.email;

import dev.sagamart.users.mail.MailTest;
import dev.sagamart.users.oauth.AuthorizationCode;
import dev.sagamart.users.oauth.AuthorizationCode.Grant;
import dev.sagamart.users.oauth.AuthorizationCodes;
import dev.sagamart.users.oauth.AuthorizationCodes.Exchange;
import dev.sagamart.users.oauth.BrowserLogins;
import dev.sagamart.users.session.LogIn.LoggedIn;
import dev.sagamart.users.session.Sessions;
import dev.sagamart.users.user.EmailAddress;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;

@ExtendWith(OutputCaptureExtension.class)
class PasswordResetsIntegrationTests extends MailTest {

	private static final String ANN = "ann@example.com";

	private static final String OTHER = "another horse battery";

	@Autowired
	private Sessions sessions;

	@Autowired
	private EmailAddresses emails;

	@Autowired
	private BrowserLogins logins;

	@Autowired
	private AuthorizationCodes codes;

	@Test
	void letsWhoeverReadsTheMailChooseANewPassword(CapturedOutput output) throws Exception {
		register(ANN);
		assertThat(ask(ANN).status()).isEqualTo(202);
		String token = token(ANN, "reset-password", 1);
		assertThat(logIn(ANN, PASSWORD).status()).as("nothing has changed yet").isEqualTo(201);
		Answer done = reset(token, OTHER);
		assertThat(done.status()).isEqualTo(204);
		assertThat(done.header("X-Audit-Subject")).isEqualTo(idOf(ANN).toString());
		assertThat(logIn(ANN, PASSWORD).status()).isEqualTo(401);
		assertThat(logIn(ANN, OTHER).status()).isEqualTo(201);
		assertThat(this.jdbc.sql("SELECT email_confirmed FROM app_user").query(Boolean.class).single()).isTrue();
		assertThat(reset(token, PASSWORD).code()).as("a second time").isEqualTo("NOT_FOUND");
		Awaitility.await()
			.until(() -> mailsTo(ANN).stream().anyMatch((mail) -> textOf(mail).contains("A new password was chosen")));
		assertThat(output.getAll()).doesNotContain(token).doesNotContain(ANN);
	}

	@Test
	void endsAllSessions() {
		register(ANN);
		UUID ann = idOf(ANN);
		Answer loggedIn = logIn(ANN, PASSWORD);
		String session = loggedIn.text("refreshToken");
		LoggedIn before = new LoggedIn(ann, 0, Instant.now().plusSeconds(3600));
		LoggedIn after = new LoggedIn(ann, 1, Instant.now());
		String login = this.logins.add(before);
		this.codes.add(code("a code", before));
		ask(ANN);
		assertThat(reset(token(ANN, "reset-password", 1), OTHER).status()).isEqualTo(204);
		assertThat(refresh(session).code()).isEqualTo("INVALID_REFRESH_TOKEN");
		assertThat(get("/api/v1/users/me", loggedIn.text("accessToken")).code()).isEqualTo("INVALID_TOKEN");
		assertThat(get("/oauth2/revoked-tokens", null).json().get("revoked")).hasSize(1);
		assertThat(this.logins.take(login)).isEmpty();
		assertThat(this.codes.exchange("a code", "sagamart-web", "http://127.0.0.1/callback"))
			.isInstanceOf(Exchange.Invalid.class);
		this.codes.add(code("a late code", before));
		assertThat(this.codes.exchange("a late code", "sagamart-web", "http://127.0.0.1/callback"))
			.isInstanceOf(Exchange.Invalid.class);
		String late = this.logins.add(before);
		assertThat(this.logins.take(late)).isEmpty();
		assertThat(this.sessions.begin(before, null, Set.of())).as("for a password that was right then").isEmpty();
		assertThat(this.sessions.begin(after, null, Set.of())).isPresent();
		EmailAddress email = EmailAddress.of("new@example.com").orElseThrow();
		assertThat(this.emails.change(before, email)).as("for a password that was right then").isFalse();
		assertThat(this.emails.change(after, email)).isTrue();
	}

	private static AuthorizationCode code(String code, LoggedIn login) {
		Grant grant = new Grant("sagamart-web", Set.of("openid"), "http://127.0.0.1/callback", "challenge", null);
		return new AuthorizationCode(code, login, grant, Instant.now().plusSeconds(60));
	}

	@Test
	void tellsNobodyWhoHasAnAccount() {
		register(ANN);
		token(ANN, "confirm-email", 1);
		this.jdbc.sql("DELETE FROM mail_sent").update();
		Answer known = ask(ANN);
		Answer unknown = ask("nobody@example.com");
		assertThat(unknown.status()).isEqualTo(known.status()).isEqualTo(202);
		assertThat(unknown.response().body()).isEqualTo(known.response().body()).isEmpty();
		assertThat(unknown.response().headers().map().keySet()).isEqualTo(known.response().headers().map().keySet());
		token(ANN, "reset-password", 1);
		awaitAllSent();
		assertThat(mailsTo("nobody@example.com")).isEmpty();
		assertThat(this.jdbc.sql("SELECT count(*) FROM account_mail WHERE kind = 'PASSWORD_RESET'")
			.query(Integer.class)
			.single()).as("nothing is kept of whom nobody knows").isEqualTo(1);
		assertThat(ask("no address").status()).isEqualTo(422);
	}

	@Test
	void writesToTheAddressThatTheAccountHas() {
		register(ANN);
		ask("ａｎｎ@example.com");
		token(ANN, "reset-password", 1);
		awaitAllSent();
		assertThat(mailsTo(ANN)).as("the confirmation too").hasSize(2);
		assertThat(this.mailServer.getReceivedMessages()).hasSize(2);
	}

	@Test
	void doesNothingForAccountsOfTheDemoOutsideOfIt() {
		register(ANN);
		token(ANN, "confirm-email", 1);
		ask(ANN);
		String token = token(ANN, "reset-password", 1);
		this.jdbc.sql("UPDATE app_user SET demo = true").update();
		assertThat(reset(token, OTHER).status()).isEqualTo(404);
		ask(ANN);
		awaitAllSent();
		assertThat(tokensTo(ANN, "reset-password")).hasSize(1);
		this.jdbc.sql("UPDATE app_user SET demo = false").update();
		assertThat(logIn(ANN, PASSWORD).status()).isEqualTo(201);
	}

	@Test
	void takesATokenOnce() throws Exception {
		register(ANN);
		ask(ANN);
		String token = token(ANN, "reset-password", 1);
		List<Integer> statuses = atOnce(5, () -> reset(token, OTHER).status());
		assertThat(statuses).containsOnlyOnce(204).containsOnly(204, 404);
	}

	@Test
	void takesNoTokenThatIsExpiredGuessedOrForSomethingElse() {
		register(ANN);
		ask(ANN);
		String token = token(ANN, "reset-password", 1);
		for (String guess : List.of("x".repeat(43), token + "x", "x", "%20", "token")) {
			assertThat(reset(guess, OTHER).status()).as(guess).isEqualTo(404);
		}
		assertThat(reset(token(ANN, "confirm-email", 1), OTHER).status()).isEqualTo(404);
		assertThat(confirm(token).status()).isEqualTo(404);
		assertThat(reset(token, "too short").status()).isEqualTo(422);
		assertThat(this.jdbc
			.sql("SELECT token_expires_at BETWEEN now() + interval '55 minutes' AND now() + interval '1 hour'"
					+ " FROM account_mail WHERE kind = 'PASSWORD_RESET'")
			.query(Boolean.class)
			.single()).isTrue();
		this.jdbc.sql("UPDATE account_mail SET token_expires_at = now()").update();
		assertThat(reset(token, OTHER).status()).isEqualTo(404);
		assertThat(logIn(ANN, PASSWORD).status()).isEqualTo(201);
	}

	@Test
	void takesTheLastTokenOnly() {
		register(ANN);
		ask(ANN);
		String first = token(ANN, "reset-password", 1);
		ask(ANN);
		String second = token(ANN, "reset-password", 2);
		assertThat(reset(first, OTHER).status()).isEqualTo(404);
		assertThat(reset(second, OTHER).status()).isEqualTo(204);
	}

	/** Strangers can ask as often as they like: that takes no token from anybody. */
	@Test
	void keepsATokenWhenNoMoreMailsMayBeSent() {
		register(ANN);
		ask(ANN);
		token(ANN, "reset-password", 1);
		ask(ANN);
		String last = token(ANN, "reset-password", 2);
		ask(ANN);
		Awaitility.await()
			.until(() -> this.jdbc.sql("SELECT status FROM account_mail WHERE kind = 'PASSWORD_RESET'")
				.query(String.class)
				.single()
				.equals("SURPLUS"));
		assertThat(mailsTo(ANN)).hasSize(3);
		assertThat(reset(last, OTHER).status()).isEqualTo(204);
	}

	@Test
	void waitsForAMailServerThatIsAway() {
		register(ANN);
		token(ANN, "confirm-email", 1);
		this.mailServer.stop();
		assertThat(ask(ANN).status()).isEqualTo(202);
		Awaitility.await()
			.until(() -> this.jdbc.sql("SELECT attempts FROM account_mail WHERE kind = 'PASSWORD_RESET'")
				.query(Integer.class)
				.single() > 1);
		this.mailServer.start();
		assertThat(reset(token(ANN, "reset-password", 1), OTHER).status()).isEqualTo(204);
	}

	@Test
	void diesWithTheAddressAndTakesAPendingOneWithIt() {
		String session = confirmedCustomer(ANN);
		ask(ANN);
		String reset = token(ANN, "reset-password", 1);
		change(session, "new@example.com");
		assertThat(confirm(token("new@example.com", "confirm-email", 1)).status()).isEqualTo(204);
		assertThat(reset(reset, OTHER).status()).isEqualTo(404);
		change(session, ANN);
		String pending = token(ANN, "confirm-email", 2);
		ask("new@example.com");
		assertThat(reset(token("new@example.com", "reset-password", 1), OTHER).status()).isEqualTo(204);
		assertThat(confirm(pending).status()).isEqualTo(404);
		assertThat(logIn("new@example.com", OTHER).status()).isEqualTo(201);
	}

	@Test
	void letsWhoHasGuessedTooOftenInWithTheNewPassword() {
		register(ANN);
		for (int i = 0; i < 11; i++) {
			logIn(ANN, "wrong password");
		}
		assertThat(logIn(ANN, PASSWORD).status()).isEqualTo(429);
		ask(ANN);
		assertThat(reset(token(ANN, "reset-password", 1), OTHER).status()).isEqualTo(204);
		assertThat(logIn(ANN, OTHER).status()).isEqualTo(201);
	}

	private void change(String session, String email) {
		assertThat(
				call("PUT", "/api/v1/users/me/email", session, Map.of("email", email, "password", PASSWORD)).status())
			.isEqualTo(202);
	}

	private Answer ask(String email) {
		return call("POST", "/api/v1/password-resets", null, Map.of("email", email));
	}

	private Answer reset(String token, String password) {
		return call("PUT", "/api/v1/password-resets/" + token, null, Map.of("password", password));
	}

}
