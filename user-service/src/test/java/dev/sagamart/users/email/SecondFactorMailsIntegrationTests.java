package dev.sagamart.users.email;

import dev.sagamart.users.AuthenticatorApp;
import dev.sagamart.users.mail.MailTest;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class SecondFactorMailsIntegrationTests extends MailTest {

	private static final String ANN = "ann@example.com";

	@Test
	void tellTheOwnerOfEachChange() throws Exception {
		AuthenticatorApp app = enrol(confirmedCustomer(ANN));
		Awaitility.await().until(() -> mailsTo(ANN).size() == 2);
		assertThat(mailsTo(ANN).getLast().getSubject()).isEqualTo("Your account has a second factor");
		assertThat(textOf(mailsTo(ANN).getLast())).contains("needs a code besides the password")
			.doesNotContain(app.secret(), app.recoveryCodes().getFirst(), "Somebody,");
		String ann = logInWithCode(ANN, app.codeIn(1)).text("accessToken");
		assertThat(call("DELETE", "/api/v1/users/me/second-factor", ann,
				Map.of("password", PASSWORD, "code", app.recoveryCodes().getFirst()))
			.status()).isEqualTo(204);
		Awaitility.await().until(() -> mailsTo(ANN).size() == 3);
		assertThat(mailsTo(ANN).getLast().getSubject()).isEqualTo("Your account has no second factor any more");
	}

	@Test
	void tellTheOwnerWhenAnAdminRemovesIt() throws Exception {
		String root = admin();
		enrol(confirmedCustomer(ANN));
		Awaitility.await().until(() -> mailsTo(ANN).size() == 2);
		assertThat(call("DELETE", "/api/v1/users/" + idOf(ANN) + "/second-factor", root, null).status()).isEqualTo(204);
		Awaitility.await().until(() -> mailsTo(ANN).size() == 3);
		assertThat(mailsTo(ANN).getLast().getSubject()).isEqualTo("Your account has no second factor any more");
	}

	@Test
	void tellAnAddressNothingThatIsNotConfirmed() {
		enrol(customer(ANN));
		token(ANN, "confirm-email", 1);
		awaitAllSent();
		assertThat(mailsTo(ANN)).hasSize(1);
	}

	/** A forgotten password is no way around it. */
	@Test
	void leaveItToWhoeverReadsThem() {
		AuthenticatorApp app = enrol(confirmedCustomer(ANN));
		call("POST", "/api/v1/password-resets", null, Map.of("email", ANN));
		assertThat(call("PUT", "/api/v1/password-resets/" + token(ANN, "reset-password", 1), null,
				Map.of("password", PASSWORD))
			.status()).isEqualTo(204);
		assertThat(logIn(ANN, PASSWORD).code()).isEqualTo("SECOND_FACTOR_REQUIRED");
		assertThat(logInWithCode(ANN, app.codeIn(1)).status()).isEqualTo(201);
	}

}
