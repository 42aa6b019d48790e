package dev.sagamart.e2e.attack;

import dev.sagamart.e2e.Parts;
import static dev.sagamart.e2e.attack.Attack.attack;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.sagamart.e2e.attack.Scene.Account;
import dev.sagamart.local.PartName;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Finding out who has an account, and taking it over, by what is about email addresses.
 * What needs a mail that was read is tried in user-service, which has a mail server in
 * its tests.
 */
final class MailAttacks {

	private static final String RESETS = "/api/v1/password-resets";

	private static final String CONFIRMATIONS = "/api/v1/email-confirmations";

	private static final String CHANGE = "/api/v1/users/me/email";

	/** In a quarter of an hour, of passwords and of addresses. */
	private static final int ALLOWED_FAILURES = 10;

	private static final String GOOD_PASSWORD = "{\"password\": \"a-new-password-of-mine\"}";

	private final Scene scene;

	private final List<Attack> attacks = new ArrayList<>();

	private MailAttacks(Scene scene) {
		this.scene = scene;
	}

	static List<Attack> in(Scene scene) {
		MailAttacks all = new MailAttacks(scene);
		all.tellingAccountsApart();
		all.changing();
		all.tokens();
		return all.attacks;
	}

	private void tellingAccountsApart() {
		atEachDoor("finding out by a reset who has an account", (door) -> {
			Answer known = ask(door, Request.post(RESETS, email(this.scene.victim().email())));
			Answer unknown = ask(door, Request.post(RESETS, email(fresh())));
			assertThat(known.status()).isEqualTo(202);
			assertThat(known.body()).isEmpty();
			assertThat(Answer.withoutIds(unknown)).isEqualTo(Answer.withoutIds(known));
		});
		atEachDoor("finding out by a change of address who has an account", (door) -> {
			Account attacker = Scene.newAccount(this.scene.platform().api());
			Answer known = change(door, attacker, this.scene.victim().email(), attacker.password(), null);
			Answer unknown = change(door, attacker, fresh(), attacker.password(), null);
			assertThat(known.status()).isEqualTo(202);
			assertThat(Answer.withoutIds(unknown)).isEqualTo(Answer.withoutIds(known));
			assertThat(attacker.session().get("/api/v1/users/me").expect(200).json().path("email").asString())
				.isEqualTo(attacker.email());
		});
		atEachDoor("finding out by registering who has an account", (door) -> {
			assumeTrue(this.scene.platform().tellsClientsApart(), "Nobody could register if all come from one address");
			String from = Wire.newAddress();
			List<Answer> answers = Stream.generate(() -> register(door, this.scene.victim().email(), from))
				.limit(ALLOWED_FAILURES + 3)
				.toList();
			assertThat(answers.subList(0, ALLOWED_FAILURES)).extracting(Answer::code).containsOnly("EMAIL_TAKEN");
			assertThat(answers.subList(ALLOWED_FAILURES, answers.size())).allSatisfy((answer) -> {
				assertThat(answer.status() + answer.code()).isEqualTo("429TOO_MANY_REGISTRATIONS");
				assertThat(answer.header("Retry-After")).matches("[1-9]\\d*");
			});
			assertThat(register(door, fresh(), from).status()).as("an address that is free").isEqualTo(429);
			assertThat(register(door, fresh(), Wire.newAddress()).status()).as("others").isEqualTo(201);
		});
	}

	private void changing() {
		this.attacks.add(attack("changing an address without a token")
			.send(Parts.USER_SERVICE, Request.put(CHANGE, credentials(fresh(), "a password")))
			.refused(401, "UNAUTHENTICATED"));
		refused("changing an address with a wrong password", Request.put(CHANGE, credentials(fresh(), "not-mine")), 401,
				"BAD_CREDENTIALS");
		refused("changing an address without a password", Request.put(CHANGE, email(fresh())), 422,
				"VALIDATION_FAILED");
		refused("changing an address with the name",
				Request.put("/api/v1/users/me", "{\"name\": \"N\", \"email\": \"" + fresh() + "\"}"), 422,
				"VALIDATION_FAILED");
		refused("changing an address to two lines",
				Request.put(CHANGE, credentials("a@sagamart.example\\r\\nBcc: all@sagamart.example", "x")), 422,
				"VALIDATION_FAILED");
		atEachDoor("guessing a password by a change of address", (door) -> {
			Account owner = Scene.newAccount(this.scene.platform().api());
			String from = Wire.newAddress();
			List<Integer> answers = Stream
				.generate(() -> change(door, owner, fresh(), "a wrong password", from).status())
				.limit(ALLOWED_FAILURES + 3)
				.toList();
			assertThat(answers).startsWith(401).endsWith(429, 429, 429).containsOnly(401, 429);
			Answer right = change(door, owner, fresh(), owner.password(), from);
			assertThat(right.status() + right.code()).as("the right password from there")
				.isEqualTo("429TOO_MANY_FAILED_LOGINS");
		});
	}

	private void tokens() {
		for (String token : List.of("", "x", "x".repeat(43), "' OR '1'='1")) {
			this.attacks.add(attack("confirming an address with the token '" + token + "'")
				.send(Parts.USER_SERVICE, Request.post(CONFIRMATIONS, "{\"token\": \"" + token + "\"}"))
				.refused(404, "NOT_FOUND"));
		}
		for (String token : List.of("x", "x".repeat(43), "%27%20OR%20%271%27=%271", this.scene.victim().id().toString(),
				this.scene.victim().refreshToken())) {
			this.attacks
				.add(attack("choosing somebody's password with " + ((token.length() > 43) ? "a refresh token" : token))
					.send(Parts.USER_SERVICE, Request.put(RESETS + "/" + token, GOOD_PASSWORD))
					.refused(404, "NOT_FOUND"));
		}
		this.attacks.add(attack("confirming an address with a token of 201 characters")
			.send(Parts.USER_SERVICE, Request.post(CONFIRMATIONS, "{\"token\": \"" + "x".repeat(201) + "\"}"))
			.refused(422, "VALIDATION_FAILED"));
		this.attacks.add(attack("confirming an address with a list of tokens")
			.send(Parts.USER_SERVICE, Request.post(CONFIRMATIONS, "{\"token\": [\"a\", \"b\"]}"))
			.refused(400, "WRONG_TYPE"));
		this.attacks.add(attack("choosing a password of 11 characters")
			.send(Parts.USER_SERVICE, Request.put(RESETS + "/x", "{\"password\": \"" + "x".repeat(11) + "\"}"))
			.refused(422, "VALIDATION_FAILED"));
		this.attacks.add(attack("asking for a reset at two addresses")
			.send(Parts.USER_SERVICE, Request.post(RESETS, email("bob@sagamart.example\\nBcc: eve@sagamart.example")))
			.refused(422, "VALIDATION_FAILED"));
	}

	/** As the attacker, who is logged in. */
	private void refused(String name, Request request, int status, String code) {
		this.attacks.add(attack(name).send(Parts.USER_SERVICE, request.bearer(this.scene.attacker().token()))
			.refused(status, code));
	}

	private void atEachDoor(String name, Consumer<PartName> step) {
		for (PartName door : List.of(Parts.API_GATEWAY, Parts.USER_SERVICE)) {
			this.attacks.add(attack(name + ", at " + door.text(), () -> step.accept(door)));
		}
	}

	private Answer change(PartName door, Account account, String email, String password, @Nullable String from) {
		return Wire.ask(this.scene.platform().url(door),
				Request.put(CHANGE, credentials(email, password)).bearer(account.token()), from);
	}

	private Answer register(PartName door, String email, String from) {
		return Wire.ask(this.scene.platform().url(door), Request.post("/api/v1/users",
				"{\"email\": \"" + email + "\", \"password\": \"a-long-password\", \"name\": \"N\"}"), from);
	}

	private Answer ask(PartName door, Request request) {
		return Wire.ask(this.scene.platform().url(door), request, null);
	}

	private static String email(String email) {
		return "{\"email\": \"" + email + "\"}";
	}

	private static String credentials(String email, String password) {
		return "{\"email\": \"" + email + "\", \"password\": \"" + password + "\"}";
	}

	private static String fresh() {
		return "fresh-" + UUID.randomUUID() + "@sagamart.example";
	}

}
