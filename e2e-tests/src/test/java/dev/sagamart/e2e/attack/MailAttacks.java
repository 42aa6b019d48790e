package dev.sagamart.e2e.attack;

import dev.sagamart.e2e.Parts;
import static dev.sagamart.e2e.attack.Attack.attack;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.sagamart.e2e.attack.Scenario.Account;
import dev.sagamart.local.PartName;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Account enumeration and account takeover through email addresses. Attacks that need a
 * received mail are tested in user-service, whose tests have a mail server.
 */
final class MailAttacks {

	private static final String RESETS = "/api/v1/password-resets";

	private static final String CONFIRMATIONS = "/api/v1/email-confirmations";

	private static final String CHANGE = "/api/v1/users/me/email";

	/** Per quarter of an hour, for passwords and for addresses. */
	private static final int ALLOWED_FAILURES = 10;

	private static final String GOOD_PASSWORD = "{\"password\": \"a-new-password-of-mine\"}";

	private final Scenario scenario;

	private final List<Attack> attacks = new ArrayList<>();

	private MailAttacks(Scenario scenario) {
		this.scenario = scenario;
	}

	static List<Attack> of(Scenario scenario) {
		MailAttacks all = new MailAttacks(scenario);
		all.accountEnumeration();
		all.changing();
		all.tokens();
		return all.attacks;
	}

	private void accountEnumeration() {
		atEachEntryPoint("account enumeration by a password reset", (entryPoint) -> {
			Response known = ask(entryPoint, Request.post(RESETS, email(this.scenario.victim().email())));
			Response unknown = ask(entryPoint, Request.post(RESETS, email(fresh())));
			assertThat(known.status()).isEqualTo(202);
			assertThat(known.body()).isEmpty();
			assertThat(Response.withoutIds(unknown)).isEqualTo(Response.withoutIds(known));
		});
		atEachEntryPoint("account enumeration by a change of address", (entryPoint) -> {
			Account attacker = Scenario.newAccount(this.scenario.platform().api());
			Response known = change(entryPoint, attacker, this.scenario.victim().email(), attacker.password(), null);
			Response unknown = change(entryPoint, attacker, fresh(), attacker.password(), null);
			assertThat(known.status()).isEqualTo(202);
			assertThat(Response.withoutIds(unknown)).isEqualTo(Response.withoutIds(known));
			assertThat(attacker.session().get("/api/v1/users/me").expect(200).json().path("email").asString())
				.isEqualTo(attacker.email());
		});
		atEachEntryPoint("account enumeration by registering", (entryPoint) -> {
			assumeTrue(this.scenario.platform().distinguishesClientAddresses(),
					"Registrations need distinguishable client addresses");
			String from = RawConnection.newAddress();
			List<Response> responses = Stream.generate(() -> register(entryPoint, this.scenario.victim().email(), from))
				.limit(ALLOWED_FAILURES + 3)
				.toList();
			assertThat(responses.subList(0, ALLOWED_FAILURES)).extracting(Response::code).containsOnly("EMAIL_TAKEN");
			assertThat(responses.subList(ALLOWED_FAILURES, responses.size())).allSatisfy((response) -> {
				assertThat(response.status() + response.code()).isEqualTo("429TOO_MANY_REGISTRATIONS");
				assertThat(response.header("Retry-After")).matches("[1-9]\\d*");
			});
			assertThat(register(entryPoint, fresh(), from).status()).as("an address that is free").isEqualTo(429);
			assertThat(register(entryPoint, fresh(), RawConnection.newAddress()).status()).as("others").isEqualTo(201);
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
		atEachEntryPoint("guessing a password by a change of address", (entryPoint) -> {
			Account owner = Scenario.newAccount(this.scenario.platform().api());
			String from = RawConnection.newAddress();
			List<Integer> responses = Stream
				.generate(() -> change(entryPoint, owner, fresh(), "a wrong password", from).status())
				.limit(ALLOWED_FAILURES + 3)
				.toList();
			assertThat(responses).startsWith(401).endsWith(429, 429, 429).containsOnly(401, 429);
			Response right = change(entryPoint, owner, fresh(), owner.password(), from);
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
		for (String token : List.of("x", "x".repeat(43), "%27%20OR%20%271%27=%271",
				this.scenario.victim().id().toString(), this.scenario.victim().refreshToken())) {
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

	/** Sends the request as the attacker, who is logged in. */
	private void refused(String name, Request request, int status, String code) {
		this.attacks.add(attack(name).send(Parts.USER_SERVICE, request.bearer(this.scenario.attacker().token()))
			.refused(status, code));
	}

	private void atEachEntryPoint(String name, Consumer<PartName> step) {
		for (PartName entryPoint : List.of(Parts.API_GATEWAY, Parts.USER_SERVICE)) {
			this.attacks.add(attack(name + ", at " + entryPoint.text(), () -> step.accept(entryPoint)));
		}
	}

	private Response change(PartName entryPoint, Account account, String email, String password,
			@Nullable String from) {
		return RawConnection.exchange(this.scenario.platform().url(entryPoint),
				Request.put(CHANGE, credentials(email, password)).bearer(account.token()), from);
	}

	private Response register(PartName entryPoint, String email, String from) {
		return RawConnection.exchange(this.scenario.platform().url(entryPoint), Request.post("/api/v1/users",
				"{\"email\": \"" + email + "\", \"password\": \"a-long-password\", \"name\": \"N\"}"), from);
	}

	private Response ask(PartName entryPoint, Request request) {
		return RawConnection.exchange(this.scenario.platform().url(entryPoint), request, null);
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
