package dev.sagamart.users.email;

import dev.sagamart.users.mail.MailTest;
import jakarta.mail.internet.MimeMessage;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;

@ExtendWith(OutputCaptureExtension.class)
class EmailAddressesIntegrationTests extends MailTest {

	private static final String ANN = "ann@example.com";

	private static final String NEW = "new@example.com";

	@Autowired
	private AccountMails mails;

	@Test
	void confirmsTheAddressOfANewAccount(CapturedOutput output) throws Exception {
		register(ANN);
		assertThat(isConfirmed(ANN)).isFalse();
		String token = token(ANN, "confirm-email", 1);
		MimeMessage mail = mailsTo(ANN).getFirst();
		assertThat(mail.getSubject()).isEqualTo("Confirm your email address");
		assertThat(textOf(mail)).startsWith("Hello,\r\n").as("what strangers can choose").doesNotContain("Somebody");
		Answer confirmed = confirm(token);
		assertThat(confirmed.status()).isEqualTo(204);
		assertThat(confirmed.header("X-Audit-Subject")).isEqualTo(idOf(ANN).toString());
		assertThat(isConfirmed(ANN)).isTrue();
		assertThat(confirm(token).code()).as("a second time").isEqualTo("NOT_FOUND");
		assertThat(output.getAll()).doesNotContain(token).doesNotContain(ANN);
	}

	@Test
	void takesBackAChangeThatWasAskedForBeforeThereWasASecondFactor() {
		String ann = confirmedCustomer(ANN);
		change(ann, NEW, PASSWORD);
		String token = token(NEW, "confirm-email", 1);
		enrol(ann);
		assertThat(confirm(token).status()).isEqualTo(404);
		assertThat(isConfirmed(ANN)).as("still the address").isTrue();
	}

	@Test
	void confirmsTheAddressThatSomebodyHasAlsoAfterASecondFactor() {
		String ann = customer(ANN);
		String token = token(ANN, "confirm-email", 1);
		enrol(ann);
		assertThat(confirm(token).status()).isEqualTo(204);
	}

	@Test
	void takesATokenOnce() throws Exception {
		register(ANN);
		String token = token(ANN, "confirm-email", 1);
		List<Integer> statuses = atOnce(8, () -> confirm(token).status());
		assertThat(statuses).containsOnlyOnce(204).containsOnly(204, 404);
	}

	@Test
	void takesNoTokenThatIsExpiredGuessedOrForSomethingElse() {
		register(ANN);
		String token = token(ANN, "confirm-email", 1);
		for (String guess : List.of("", "x".repeat(43), token + "x", token.toUpperCase(java.util.Locale.ROOT),
				"' OR '1'='1")) {
			assertThat(confirm(guess).status()).as(guess).isEqualTo(404);
		}
		assertThat(confirm("x".repeat(201)).status()).isEqualTo(422);
		assertThat(call("PUT", "/api/v1/password-resets/" + token, null, Map.of("password", PASSWORD)).status())
			.isEqualTo(404);
		this.jdbc.sql("UPDATE account_mail SET token_expires_at = now()").update();
		assertThat(confirm(token).status()).isEqualTo(404);
		assertThat(isConfirmed(ANN)).isFalse();
	}

	@Test
	void storesOnlyTheHashOfAToken() {
		register(ANN);
		String token = token(ANN, "confirm-email", 1);
		assertThat(this.jdbc.sql("SELECT m::text FROM account_mail m").query(String.class).single())
			.doesNotContain(token)
			.doesNotContain(ANN);
		assertThat(this.jdbc
			.sql("SELECT token_expires_at > now() + interval '23 hours 50 minutes'"
					+ " AND token_expires_at < now() + interval '1 day' FROM account_mail")
			.query(Boolean.class)
			.single()).isTrue();
	}

	@Test
	void changesTheAddressOnceTheNewOneIsConfirmed() throws Exception {
		String session = confirmedCustomer(ANN);
		Answer answer = change(session, NEW, PASSWORD);
		assertThat(answer.status()).isEqualTo(202);
		assertThat(answer.response().body()).isEmpty();
		String token = token(NEW, "confirm-email", 1);
		Awaitility.await().until(() -> mailsTo(ANN).size() == 2);
		assertThat(mailsTo(ANN).getLast().getSubject()).isEqualTo("Your email address is about to change");
		assertThat(textOf(mailsTo(ANN).getLast())).doesNotContain(NEW);
		assertThat(get("/api/v1/users/me", session).text("email")).isEqualTo(ANN);
		assertThat(logIn(NEW, PASSWORD).status()).isEqualTo(401);
		assertThat(confirm(token).status()).isEqualTo(204);
		assertThat(get("/api/v1/users/me", session).text("email")).isEqualTo(NEW);
		assertThat(logIn(ANN, PASSWORD).status()).isEqualTo(401);
		assertThat(logIn(NEW, PASSWORD).status()).isEqualTo(201);
		assertThat(register(ANN).status()).as("it is free").isEqualTo(201);
	}

	@Test
	void tellsAnAddressNothingThatIsNotConfirmed() {
		String session = customer(ANN);
		token(ANN, "confirm-email", 1);
		change(session, NEW, PASSWORD);
		token(NEW, "confirm-email", 1);
		awaitAllSent();
		assertThat(mailsTo(ANN)).hasSize(1);
	}

	@Test
	void asksTheSameAddressAgain() {
		String session = customer(ANN);
		String first = token(ANN, "confirm-email", 1);
		assertThat(change(session, "ANN@example.com", PASSWORD).status()).isEqualTo(202);
		String second = token("ANN@example.com", "confirm-email", 2);
		assertThat(confirm(first).status()).isEqualTo(404);
		assertThat(confirm(second).status()).isEqualTo(204);
		assertThat(get("/api/v1/users/me", session).text("email")).isEqualTo("ANN@example.com");
	}

	@Test
	void forgetsAWishForAnother() {
		String session = confirmedCustomer(ANN);
		change(session, NEW, PASSWORD);
		String token = token(NEW, "confirm-email", 1);
		this.mailServer.stop();
		change(session, "other@example.com", PASSWORD);
		assertThat(confirm(token).status()).as("before the other mail is sent").isEqualTo(404);
		this.mailServer.start();
		assertThat(confirm(token("other@example.com", "confirm-email", 1)).status()).isEqualTo(204);
		assertThat(get("/api/v1/users/me", session).text("email")).isEqualTo("other@example.com");
	}

	@Test
	void needsThePasswordAsALogInDoes() {
		String session = confirmedCustomer(ANN);
		assertThat(change(null, NEW, PASSWORD).status()).isEqualTo(401);
		assertThat(call("PUT", "/api/v1/users/me/email", session, Map.of("email", NEW)).status()).isEqualTo(422);
		assertThat(change(session, "no address", PASSWORD).status()).isEqualTo(422);
		assertThat(change(session, "a@example.com\r\nBcc: all@example.com", PASSWORD).status()).isEqualTo(422);
		for (int i = 0; i < 10; i++) {
			assertThat(change(session, NEW, "wrong password").code()).isEqualTo("BAD_CREDENTIALS");
		}
		Answer late = change(session, NEW, PASSWORD);
		assertThat(late.code()).isEqualTo("TOO_MANY_FAILED_LOGINS");
		assertThat(late.header("Retry-After")).matches("[1-9]\\d*");
		assertThat(logIn(ANN, PASSWORD).status()).isEqualTo(429);
		assertThat(this.jdbc.sql("SELECT count(*) FROM account_mail").query(Integer.class).single()).isZero();
	}

	@Test
	void tellsNobodyWhoElseHasAnAddress() {
		confirmedCustomer("bob@example.com");
		String session = confirmedCustomer(ANN);
		Answer taken = change(session, "BOB@example.com", PASSWORD);
		awaitAllSent();
		Answer free = change(session, NEW, PASSWORD);
		assertThat(taken.status()).isEqualTo(free.status());
		assertThat(taken.response().body()).isEqualTo(free.response().body());
		assertThat(taken.response().headers().map().keySet()).isEqualTo(free.response().headers().map().keySet());
		awaitAllSent();
		assertThat(mailsTo("bob@example.com")).as("no more than to confirm it").hasSize(1);
	}

	@Test
	void givesAnAddressToWhoeverHasItFirst() {
		String session = confirmedCustomer(ANN);
		change(session, NEW, PASSWORD);
		String token = token(NEW, "confirm-email", 1);
		register(NEW);
		assertThat(confirm(token).code()).isEqualTo("EMAIL_TAKEN");
		assertThat(confirm(token).status()).as("used up").isEqualTo(404);
		assertThat(get("/api/v1/users/me", session).text("email")).isEqualTo(ANN);
	}

	@Test
	void forgetsEverythingOfWhomIsErased() {
		String session = confirmedCustomer(ANN);
		change(session, NEW, PASSWORD);
		call("POST", "/api/v1/password-resets", null, Map.of("email", ANN));
		String token = token(NEW, "confirm-email", 1);
		String reset = token(ANN, "reset-password", 1);
		awaitAllSent();
		assertThat(call("DELETE", "/api/v1/users/me", session, null).status()).isEqualTo(204);
		assertThat(this.jdbc.sql("SELECT count(*) FROM account_mail").query(Integer.class).single()).isZero();
		assertThat(confirm(token).status()).isEqualTo(404);
		register(ANN);
		assertThat(call("PUT", "/api/v1/password-resets/" + reset, null, Map.of("password", PASSWORD)).status())
			.isEqualTo(404);
	}

	@Test
	void sendsNoMoreTokensThanAnHourMayHave() {
		for (int i = 1; i <= 3; i++) {
			String session = customer(ANN);
			token(ANN, "confirm-email", i);
			call("DELETE", "/api/v1/users/me", session, null);
		}
		register(ANN);
		Awaitility.await()
			.until(() -> this.jdbc.sql("SELECT status FROM account_mail")
				.query(String.class)
				.single()
				.equals("SURPLUS"));
		assertThat(mailsTo(ANN)).hasSize(3);
	}

	@Test
	void removesWhatHasHadItsTime() {
		register(ANN);
		String token = token(ANN, "confirm-email", 1);
		this.jdbc.sql("UPDATE account_mail SET wanted_at = now() - interval '2 days'").update();
		this.mails.removeOld();
		assertThat(confirm(token).status()).isEqualTo(204);
		change(logIn(ANN, PASSWORD).text("accessToken"), NEW, PASSWORD);
		this.jdbc.sql("UPDATE account_mail SET wanted_at = now() - interval '50 hours'").update();
		this.mails.removeOld();
		assertThat(this.jdbc.sql("SELECT count(*) FROM account_mail").query(Integer.class).single()).isZero();
	}

	private Answer change(String session, String email, String password) {
		return call("PUT", "/api/v1/users/me/email", session, Map.of("email", email, "password", password));
	}

	private boolean isConfirmed(String email) {
		return this.jdbc.sql("SELECT email_confirmed FROM app_user WHERE id = ?")
			.param(idOf(email))
			.query(Boolean.class)
			.single();
	}

}
