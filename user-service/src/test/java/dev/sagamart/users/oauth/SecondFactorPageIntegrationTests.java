package dev.sagamart.users.oauth;

import dev.sagamart.users.AuthenticatorApp;
import dev.sagamart.users.UsersTest;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class SecondFactorPageIntegrationTests extends UsersTest {

	private static final String ANN = "ann@example.com";

	@Test
	void asksForACode() throws Exception {
		AuthenticatorApp app = enrol(customer(ANN));
		Browser browser = new Browser(base());
		HttpResponse<String> page = browser.get(Browser.location(browser.authorize(Browser.request())));
		assertThat(page.body()).contains("<details>", "<summary>Second factor</summary>",
				"autocomplete=\"one-time-code\"");
		HttpResponse<String> missing = browser.submit(page, ANN, PASSWORD);
		assertThat(missing.statusCode()).isEqualTo(401);
		assertThat(missing.body()).contains("<details open>",
				"<p role=\"alert\">Your account has a second factor. Enter your password again, and a code.</p>",
				"value=\"ann@example.com\"");
		HttpResponse<String> wrong = browser.submit(missing, ANN, PASSWORD, app.wrongCode());
		assertThat(wrong.statusCode()).isEqualTo(401);
		assertThat(wrong.body()).contains("<details open>",
				"<p role=\"alert\">The code of your second factor is wrong, or was used before.</p>");
		String code = app.codeIn(1);
		HttpResponse<String> right = browser.submit(wrong, ANN, PASSWORD, code);
		assertThat(right.statusCode()).isEqualTo(303);
		assertThat(Browser.callback(browser.get(Browser.location(right)))).containsKey("code");
		HttpResponse<String> again = browser.submit(page, ANN, PASSWORD, code);
		assertThat(again.statusCode()).as("a code twice").isEqualTo(401);
		assertThat(browser.submit(page, ANN, PASSWORD, app.recoveryCodes().getFirst()).statusCode()).isEqualTo(303);
	}

	@Test
	void tellsNobodyWhoHasOne() throws Exception {
		AuthenticatorApp app = enrol(customer(ANN));
		Browser browser = new Browser(base());
		HttpResponse<String> page = browser.get("/login?" + Browser.encoded(Browser.request()));
		HttpResponse<String> known = browser.submit(page, ANN, "wrong password", app.codeIn(1));
		assertThat(known.statusCode()).isEqualTo(401);
		assertThat(known.body()).contains("The email address or the password is wrong.", "<details>");
		assertThat(browser.submit(page, ANN, PASSWORD, "1".repeat(65)).body())
			.contains("The email address or the password is wrong.");
	}

	@Test
	void countsWrongCodesTogetherWithTheApi() throws Exception {
		AuthenticatorApp app = enrol(customer(ANN));
		Browser browser = new Browser(base());
		HttpResponse<String> page = browser.get("/login?" + Browser.encoded(Browser.request()));
		for (int i = 0; i < 5; i++) {
			assertThat(logInWithCode(ANN, app.wrongCode()).status()).isEqualTo(401);
			assertThat(browser.submit(page, ANN, PASSWORD, app.wrongCode()).statusCode()).isEqualTo(401);
		}
		HttpResponse<String> throttled = browser.submit(page, ANN, PASSWORD, app.codeIn(1));
		assertThat(throttled.statusCode()).isEqualTo(429);
		assertThat(throttled.headers().firstValue("Retry-After")).isPresent();
	}

	/** Enrolled between the login page and the client's exchange of the code. */
	@Test
	void letsNobodyInWhoWasThereBefore() throws Exception {
		String ann = customer(ANN);
		Browser browser = new Browser(base());
		HttpResponse<String> page = browser.get(Browser.location(browser.authorize(Browser.request())));
		HttpResponse<String> right = browser.submit(page, ANN, PASSWORD);
		assertThat(right.statusCode()).isEqualTo(303);
		enrol(ann);
		assertThat(Browser.location(browser.get(Browser.location(right)))).startsWith("/login?");
		assertThat(this.jdbc.sql("SELECT count(*) FROM authorization_code").query(Integer.class).single()).isZero();
	}

}
