package dev.sagamart.e2e.attack;

import static dev.sagamart.e2e.attack.Attack.attack;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.sagamart.e2e.RunningPlatform;
import dev.sagamart.e2e.attack.Scene.Account;
import dev.sagamart.local.PartName;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** Getting more than one's share of what is limited. */
final class LimitAttacks {

	private static final int ALLOWED_FAILURES = 10;

	private final Scene scene;

	private final List<Attack> attacks = new ArrayList<>();

	private LimitAttacks(Scene scene) {
		this.scene = scene;
	}

	static List<Attack> in(Scene scene) {
		LimitAttacks all = new LimitAttacks(scene);
		all.moreAddresses();
		return all.attacks;
	}

	/** Whoever has one address of an IPv6 network has all of it. */
	private void moreAddresses() {
		this.attacks.add(attack("guessing a password from all of an IPv6 network", () -> {
			assumeTrue(this.scene.platform().tellsClientsApart(), "No proxy is trusted if all come from one address");
			Account owner = Scene.newAccount(this.scene.platform().api());
			List<Answer> answers = IntStream.range(0, ALLOWED_FAILURES + 3)
				.mapToObj((i) -> logIn(owner, "a wrong password", "2001:db8:1:2:" + i + "::" + i))
				.toList();
			assertThat(answers).extracting(Answer::status)
				.hasSize(ALLOWED_FAILURES + 3)
				.startsWith(401)
				.endsWith(429, 429, 429)
				.containsOnly(401, 429);
			assertThat(logIn(owner, owner.password(), "2001:db8:1:2::99").code()).as("the right password from there")
				.isEqualTo("TOO_MANY_FAILED_LOGINS");
			assertThat(logIn(owner, owner.password(), "2001:db8:1:3::99").status()).as("the owner from elsewhere")
				.isEqualTo(201);
		}));
	}

	private Answer logIn(Account account, String password, String address) {
		Request request = Request
			.post("/api/v1/sessions", "{\"email\": \"" + account.email() + "\", \"password\": \"" + password + "\"}")
			.header("X-Forwarded-For", address);
		return Wire.ask(this.scene.platform().url(PartName.API_GATEWAY), request, RunningPlatform.PROXY);
	}

}
