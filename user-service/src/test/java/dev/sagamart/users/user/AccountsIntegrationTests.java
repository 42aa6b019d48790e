package dev.sagamart.users.user;

import dev.sagamart.events.UserEvent.UserErased;
import dev.sagamart.events.UserEvent.UserRegistered;
import dev.sagamart.platform.test.KafkaMessages;
import dev.sagamart.platform.test.TestServers;
import dev.sagamart.users.UsersTest;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;

class AccountsIntegrationTests extends UsersTest {

	@Autowired
	private KafkaMessages kafka;

	@Test
	void registersSomebody() {
		Answer answer = register("Ann@Example.com");
		assertThat(answer.status()).isEqualTo(201);
		assertThat(answer.header("Location")).isEqualTo("/api/v1/users/" + answer.text("id"));
		assertThat(answer.json().propertyNames()).containsExactlyInAnyOrder("id", "email", "name", "roles",
				"createdAt");
		assertThat(answer.text("email")).isEqualTo("Ann@Example.com");
		assertThat(answer.json().get("roles").toString()).isEqualTo("[\"CUSTOMER\"]");
		assertThat(UUID.fromString(answer.text("id")).version()).isEqualTo(7);
		this.kafka.await(UserRegistered.class, UUID.fromString(answer.text("id")));
	}

	@ParameterizedTest
	@CsvSource({ "ann@example.com, ANN@Example.COM", "ann@example.com, ａｎｎ@example.com",
			"strasse@example.com, straße@example.com", "k@example.com, \u212a@example.com",
			"caf\u00e9@example.com, cafe\u0301@example.com", "\u03c3@example.com, \u03c2@example.com" })
	void takesAnAddressOnceInWhateverForm(String first, String second) {
		assertThat(register(first).status()).isEqualTo(201);
		Answer answer = register(second);
		assertThat(answer.status()).isEqualTo(409);
		assertThat(answer.code()).isEqualTo("EMAIL_TAKEN");
		assertThat(logIn(second, PASSWORD).status()).isEqualTo(201);
	}

	@Test
	void givesAnAddressToOneOfMany() throws Exception {
		List<Integer> statuses = atOnce(8, () -> register("race@example.com").status());
		assertThat(statuses).containsOnlyOnce(201).contains(409).allMatch((status) -> status == 201 || status == 409);
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "ann", "@example.com", "ann@", "ann@example", "ann@@example.com", "a b@example.com",
			"ann@example..com", "ann@.com", "a\u200bnn@example.com", "ann\n@example.com", "ann@example.com " })
	void refusesWhatIsNoAddress(String email) {
		Answer answer = register(email);
		assertThat(answer.status()).isEqualTo(422);
		assertThat(answer.code()).isEqualTo("VALIDATION_FAILED");
		assertThat(answer.json().get("errors").get(0).get("field").asString()).isEqualTo("email");
	}

	/** Each answer tells somebody who guesses whether there is an account. */
	@Test
	void saysThatAddressesAreTakenNoMoreOftenThanThatPasswordsAreWrong() throws Exception {
		register("ann@example.com");
		List<Answer> answers = atOnce(15, () -> register("ann@example.com"));
		assertThat(answers.stream().filter((answer) -> answer.status() == 409)).hasSize(10);
		assertThat(answers.stream().filter((answer) -> answer.status() == 429)).hasSize(5).allSatisfy((answer) -> {
			assertThat(answer.code()).isEqualTo("TOO_MANY_REGISTRATIONS");
			assertThat(Integer.parseInt(answer.header("Retry-After"))).isBetween(1, 900);
		});
		assertThat(register("free@example.com").status()).as("what is free tells nothing either").isEqualTo(429);
		assertThat(logIn("ann@example.com", PASSWORD).status()).isEqualTo(201);
		assertThat(call("POST", "/api/v1/users", null,
				Map.of("email", "free@example.com", "password", PASSWORD, "name", "Somebody"), "X-Forwarded-For",
				"203.0.113.9", "X-Edge-Secret", "of the tests")
			.status()).as("from elsewhere").isEqualTo(201);
		this.jdbc.sql("UPDATE failed_login SET failures = array_fill(now() + interval '1 minute', ARRAY[10])").update();
		assertThat(register("ann@example.com").header("Retry-After")).as("by another clock").isEqualTo("900");
		this.jdbc.sql("UPDATE failed_login SET failures = ARRAY[now() - interval '16 minutes']").update();
		assertThat(register("ann@example.com").status()).isEqualTo(409);
	}

	@Test
	void queuesNothingWithoutAMailServer() {
		String token = customer("ann@example.com");
		assertThat(
				call("PUT", "/api/v1/users/me/email", token, Map.of("email", "new@example.com", "password", PASSWORD))
					.status())
			.isEqualTo(202);
		assertThat(call("POST", "/api/v1/password-resets", null, Map.of("email", "ann@example.com")).status())
			.isEqualTo(202);
		assertThat(this.jdbc.sql("SELECT count(*) FROM account_mail").query(Integer.class).single()).isZero();
		assertThat(get("/api/v1/users/me", token).text("email")).isEqualTo("ann@example.com");
	}

	@ParameterizedTest
	@ValueSource(strings = { "J.R.R. Tolkien", "O'Brien", "Anne-Marie", "Łukasz Żółć", "محمد بن سلمان", "村上 春樹",
			"Nguyễn Văn A.", "D. E. Shaw, Jr.", "\u0928\u093f\u0939\u093e\u0930\u093f\u0915\u093e \uD83D\uDC0E",
			"می\u200cخواهم" })
	void takesNamesAsPeopleHaveThem(String name) {
		String token = customer("ann@example.com");
		assertThat(call("PUT", "/api/v1/users/me", token, Map.of("name", name)).text("name")).isEqualTo(name);
	}

	@ParameterizedTest
	@ValueSource(strings = { "http://evil.example", "evil.example/x", "Win now: evil.example", "www.x", "a@b",
			"evil。example", "evil．example", "10.0.0.10", "<b>", "a\\b", "a\r\nBcc: b", "a\u2028b", "a\u0000b",
			"a\u202Eb", "／／evil", "\u0085a", "\u200b" })
	void takesNoNamesThatAreLinksOrMoreThanALine(String name) {
		Answer refused = call("POST", "/api/v1/users", null,
				Map.of("email", "ann@example.com", "password", PASSWORD, "name", name));
		assertThat(refused.status()).isEqualTo(422);
		assertThat(refused.json().get("errors").get(0).get("field").asString()).isEqualTo("name");
	}

	@Test
	void countsCharactersOfPasswordsAsPeopleDo() {
		assertThat(registerWithPassword("a@example.com", "\uD83D\uDC0E".repeat(11)).status()).isEqualTo(422);
		assertThat(registerWithPassword("a@example.com", "\uD83D\uDC0E".repeat(12)).status()).isEqualTo(201);
		assertThat(logIn("a@example.com", "\uD83D\uDC0E".repeat(12)).status()).isEqualTo(201);
		assertThat(registerWithPassword("b@example.com", "\uD83D\uDC0E".repeat(128)).status()).isEqualTo(201);
		assertThat(logIn("b@example.com", "\uD83D\uDC0E".repeat(128)).status()).isEqualTo(201);
		assertThat(registerWithPassword("c@example.com", "x".repeat(129)).status()).isEqualTo(422);
		assertThat(registerWithPassword("c@example.com", "x".repeat(11)).status()).isEqualTo(422);
	}

	@Test
	void refusesBodiesThatAreNotRight() {
		assertThat(post("{").status()).isEqualTo(400);
		assertThat(post("[]").status()).isEqualTo(400);
		assertThat(post("{}").status()).isEqualTo(422);
		Answer extra = post(
				"{\"email\":\"x@example.com\",\"password\":\"" + PASSWORD + "\",\"name\":\"X\",\"roles\":[\"ADMIN\"]}");
		assertThat(extra.status()).isEqualTo(422);
		assertThat(post("{\"email\":\"x@example.com\",\"password\":123456789012,\"name\":\"X\"}").status())
			.isEqualTo(400);
		assertThat(post("{\"email\":\"x@example.com\",\"password\":\"" + PASSWORD + "\",\"name\":\" \"}").status())
			.isEqualTo(422);
		assertThat(post(
				"{\"email\":\"x@example.com\",\"password\":\"" + PASSWORD + "\",\"name\":\"" + "n".repeat(101) + "\"}")
			.status()).isEqualTo(422);
		assertThat(this.jdbc.sql("SELECT count(*) FROM app_user").query(Integer.class).single()).isZero();
	}

	@Test
	void storesPasswordsOnlyAsArgon2id() {
		register("ann@example.com");
		assertThat(this.jdbc.sql("SELECT password_hash FROM app_user").query(String.class).single())
			.startsWith("$argon2id$v=19$m=19456,t=2,p=1$");
	}

	@Test
	void showsAndChangesOnesOwnProfile() {
		String token = customer("ann@example.com");
		assertThat(get("/api/v1/users/me", token).text("email")).isEqualTo("ann@example.com");
		Answer changed = call("PUT", "/api/v1/users/me", token, Map.of("name", " Ann Archer "));
		assertThat(changed.status()).isEqualTo(200);
		assertThat(changed.text("name")).isEqualTo("Ann Archer");
		assertThat(call("PUT", "/api/v1/users/me", token, Map.of("name", "Ann", "email", "new@example.com")).status())
			.as("that needs the password")
			.isEqualTo(422);
		assertThat(call("PUT", "/api/v1/users/me", token, Map.of("name", "Eve", "roles", List.of("ADMIN"))).status())
			.isEqualTo(422);
	}

	@Test
	void needsATokenForWhatIsPersonal() {
		for (String path : List.of("/api/v1/users/me", "/api/v1/users/me/addresses", "/api/v1/users/me/preferences",
				"/api/v1/users", "/api/v1/users/" + UUID.randomUUID())) {
			assertThat(get(path, null).status()).as(path).isEqualTo(401);
		}
	}

	@Test
	void erasesSomebodyForGood() throws SQLException {
		String token = customer("canary-name@example.com");
		UUID id = idOf("canary-name@example.com");
		String refreshToken = logIn("canary-name@example.com", PASSWORD).text("refreshToken");
		logIn("canary-name@example.com", "wrong password");
		addAddress(token, "canary-name");
		call("PUT", "/api/v1/users/me/preferences", token,
				Map.of("locale", "de-AT", "currency", "EUR", "marketingEmails", true));
		assertThat(call("DELETE", "/api/v1/users/me", token, null).status()).isEqualTo(204);
		this.kafka.await(UserErased.class, id);
		assertThat(logIn("canary-name@example.com", PASSWORD).code()).isEqualTo("BAD_CREDENTIALS");
		assertThat(refresh(refreshToken).status()).isEqualTo(401);
		assertThat(get("/api/v1/users/me", token).code()).isEqualTo("INVALID_TOKEN");
		assertThat(dump()).isNotEmpty()
			.noneMatch((row) -> row.contains("canary-name") || row.contains(hex("canary-name")));
		// The outbox holds the news of the erasure until it is sent.
		for (String table : tables().stream().filter((name) -> !name.equals("outbox")).toList()) {
			int left = this.jdbc.sql("SELECT count(*) FROM " + table + " t WHERE t::text LIKE ?")
				.param("%" + id + "%")
				.query(Integer.class)
				.single();
			// The id of whoever it was, with nothing beside it.
			assertThat(left).as(table).isEqualTo(table.equals("app_user") ? 1 : 0);
		}
		assertThat(this.jdbc
			.sql("SELECT count(*) FROM app_user WHERE id = ?"
					+ " AND coalesce(email, email_key, name) IS NULL AND password_hash IS NULL")
			.param(id)
			.query(Integer.class)
			.single()).isEqualTo(1);
		assertThat(register("canary-name@example.com").status()).isEqualTo(201);
	}

	@Test
	void keepsPreferences() {
		String token = customer("ann@example.com");
		assertThat(get("/api/v1/users/me/preferences", token).response().body())
			.isEqualTo("{\"locale\":\"en\",\"currency\":\"EUR\",\"marketingEmails\":false}");
		Map<String, Object> wish = Map.of("locale", "de-AT", "currency", "USD", "marketingEmails", true);
		assertThat(call("PUT", "/api/v1/users/me/preferences", token, wish).status()).isEqualTo(200);
		assertThat(get("/api/v1/users/me/preferences", token).text("locale")).isEqualTo("de-AT");
		assertThat(call("PUT", "/api/v1/users/me/preferences", token,
				Map.of("locale", "de", "currency", "XXY", "marketingEmails", true))
			.status()).isEqualTo(422);
		assertThat(call("PUT", "/api/v1/users/me/preferences", token,
				Map.of("locale", "de", "currency", "XAU", "marketingEmails", true))
			.status()).isEqualTo(422);
		assertThat(call("PUT", "/api/v1/users/me/preferences", token,
				Map.of("locale", "!", "currency", "EUR", "marketingEmails", true))
			.status()).isEqualTo(422);
		call("DELETE", "/api/v1/users/me", token, null);
		assertThat(call("PUT", "/api/v1/users/me/preferences", token, wish).status()).isEqualTo(401);
	}

	@Test
	void keepsAddressesOfEachUserApart() {
		String ann = customer("ann@example.com");
		String bob = customer("bob@example.com");
		Answer added = addAddress(ann, "Ann");
		assertThat(added.status()).isEqualTo(201);
		assertThat(added.header("Location")).isEqualTo("/api/v1/users/me/addresses/" + added.text("id"));
		assertThat(get("/api/v1/users/me/addresses", ann).json().get("items").size()).isEqualTo(1);
		assertThat(get("/api/v1/users/me/addresses", bob).json().get("items").size()).isZero();
		assertThat(call("DELETE", added.header("Location"), bob, null).status()).isEqualTo(404);
		assertThat(call("DELETE", added.header("Location"), ann, null).status()).isEqualTo(204);
		assertThat(call("DELETE", added.header("Location"), ann, null).status()).isEqualTo(404);
		assertThat(call("DELETE", "/api/v1/users/me/addresses/1", ann, null).status()).isEqualTo(400);
		assertThat(call("POST", "/api/v1/users/me/addresses", ann,
				Map.of("recipient", "A", "line1", "B", "city", "C", "postalCode", "1", "country", "ZZ"))
			.status()).isEqualTo(422);
	}

	@Test
	void showsAddressesInPages() {
		String ann = customer("ann@example.com");
		List.of("A", "B", "C").forEach((recipient) -> addAddress(ann, recipient));
		JsonNode first = get("/api/v1/users/me/addresses?pageSize=2", ann).json();
		JsonNode second = get(
				"/api/v1/users/me/addresses?pageSize=2&pageToken=" + first.get("nextPageToken").asString(), ann)
			.json();
		assertThat(Stream.of(first, second)
			.flatMap((page) -> page.get("items").valueStream())
			.map((item) -> item.get("recipient").asString())).containsExactly("A", "B", "C");
		assertThat(second.get("nextPageToken").isNull()).isTrue();
		for (String page : List.of("pageSize=0", "pageSize=101", "pageToken=garbage")) {
			assertThat(get("/api/v1/users/me/addresses?" + page, ann).status()).as(page).isEqualTo(400);
		}
	}

	@Test
	void needsNoPostalCodeWhereThereIsNone() {
		String ann = customer("ann@example.com");
		Map<String, Object> address = new HashMap<>(Map.of("recipient", " \uD83D\uDC0E".repeat(50), "line1", "Tower 1",
				"line2", " ", "city", "Dubai", "country", "AE"));
		for (String none : new String[] { null, "", " ", "\u00A0" }) {
			address.put("postalCode", none);
			Answer added = call("POST", "/api/v1/users/me/addresses", ann, address);
			assertThat(added.status()).isEqualTo(201);
			assertThat(added.json().get("postalCode").isNull()).isTrue();
		}
		address.remove("postalCode");
		assertThat(call("POST", "/api/v1/users/me/addresses", ann, address).status()).isEqualTo(201);
		assertThat(get("/api/v1/users/me/addresses", ann).json().get("items").valueStream()).hasSize(5)
			.allSatisfy((item) -> assertThat(item.get("postalCode").isNull()).isTrue());
		address.put("country", "DE");
		assertThat(call("POST", "/api/v1/users/me/addresses", ann, address).json().get("errors").toString())
			.isEqualTo("[{\"field\":\"postalCode\",\"message\":"
					+ "\"must not be blank in a country that has postal codes\"}]");
	}

	@ParameterizedTest
	@CsvSource({ "recipient, 101", "line1, 201", "line2, 201", "city, 101", "postalCode, 21" })
	void countsTheCharactersOfAnAddressAsPeopleDo(String field, int tooMany) {
		String ann = customer("ann@example.com");
		Map<String, Object> address = new HashMap<>(Map.of("recipient", "Ann", "line1", "Street 1", "line2", "Left",
				"city", "Town", "postalCode", "12345", "country", "DE"));
		address.put(field, "\uD83D\uDC0E".repeat(tooMany - 1));
		assertThat(call("POST", "/api/v1/users/me/addresses", ann, address).status()).isEqualTo(201);
		address.put(field, "\uD83D\uDC0E".repeat(tooMany));
		Answer refused = call("POST", "/api/v1/users/me/addresses", ann, address);
		assertThat(refused.status()).isEqualTo(422);
		assertThat(refused.json().get("errors").get(0).get("field").asString()).isEqualTo(field);
	}

	@ParameterizedTest
	@ValueSource(strings = { "DEM", "HRK", "BGN", "ITL", "CHE", "XTS", "eur" })
	void prefersOnlyCurrenciesOfToday(String currency) {
		Answer refused = call("PUT", "/api/v1/users/me/preferences", customer("ann@example.com"),
				Map.of("locale", "de", "currency", currency, "marketingEmails", true));
		assertThat(refused.status()).isEqualTo(422);
		assertThat(refused.json().get("errors").get(0).get("field").asString()).isEqualTo("currency");
	}

	@Test
	void showsUsersToAdministrators() {
		String admin = admin();
		String customer = customer("ann@example.com");
		customer("bob@example.com");
		UUID ann = idOf("ann@example.com");
		assertThat(get("/api/v1/users", customer).status()).isEqualTo(403);
		assertThat(get("/api/v1/users/" + ann, customer).status()).isEqualTo(403);
		assertThat(get("/api/v1/users/" + ann, admin).text("email")).isEqualTo("ann@example.com");
		assertThat(get("/api/v1/users/" + UUID.randomUUID(), admin).status()).isEqualTo(404);
		assertThat(get("/api/v1/users/x", admin).status()).isEqualTo(400);
		JsonNode first = get("/api/v1/users?pageSize=2", admin).json();
		assertThat(first.get("items").size()).isEqualTo(2);
		JsonNode second = get("/api/v1/users?pageSize=2&pageToken=" + first.get("nextPageToken").asString(), admin)
			.json();
		assertThat(second.get("items").size()).isEqualTo(1);
		assertThat(second.get("nextPageToken").isNull()).isTrue();
		assertThat(get("/api/v1/users?pageToken=garbage", admin).status()).isEqualTo(400);
		assertThat(get("/api/v1/users?pageSize=&pageToken=", admin).status()).isEqualTo(200);
	}

	@Test
	void letsAdministratorsChangeRoles() {
		String admin = admin();
		String customer = customer("ann@example.com");
		String path = "/api/v1/users/" + idOf("ann@example.com") + "/roles";
		assertThat(call("PUT", path, customer, Map.of("roles", List.of("ADMIN"))).status()).isEqualTo(403);
		Answer changed = call("PUT", path, admin, Map.of("roles", List.of("CUSTOMER", "ADMIN")));
		assertThat(changed.json().get("roles").size()).isEqualTo(2);
		assertThat(get("/api/v1/users", logIn("ann@example.com", PASSWORD).text("accessToken")).status())
			.isEqualTo(200);
		assertThat(call("PUT", path, admin, Map.of("roles", List.of())).status()).isEqualTo(422);
		assertThat(call("PUT", path, admin, Map.of("roles", List.of("KING"))).status()).isEqualTo(422);
		assertThat(
				call("PUT", "/api/v1/users/" + UUID.randomUUID() + "/roles", admin, Map.of("roles", List.of("ADMIN")))
					.status())
			.isEqualTo(404);
	}

	private Answer registerWithPassword(String email, String password) {
		return call("POST", "/api/v1/users", null, Map.of("email", email, "password", password, "name", "X"));
	}

	private Answer post(String body) {
		return call("POST", "/api/v1/users", null, body);
	}

	private Answer addAddress(String token, String recipient) {
		return call("POST", "/api/v1/users/me/addresses", token, Map.of("recipient", recipient, "line1", "Street 1",
				"city", "Town", "postalCode", "12345", "country", "DE"));
	}

	@Test
	void storesNothingThatSaysWhoSomebodyIs() throws SQLException {
		String token = customer("canary@example.com");
		addAddress(token, "Canary Recipient");
		call("PUT", "/api/v1/users/me", token, Map.of("name", "Canary Name"));
		assertThat(get("/api/v1/users/me", token).text("name")).isEqualTo("Canary Name");
		assertThat(get("/api/v1/users/me/addresses", token).json().get("items").get(0).get("recipient").asString())
			.isEqualTo("Canary Recipient");
		assertThat(dump()).hasSizeGreaterThan(3)
			.noneMatch((row) -> row.contains(hex("canary@example.com")) || row.contains("canary@example.com"))
			.noneMatch((row) -> row.contains(hex("Canary")) || row.contains("Canary"))
			.noneMatch((row) -> row.contains(hex("Street 1")) || row.contains("Street 1"));
	}

	@Test
	void noticesDataThatWasPutInAnothersPlace() {
		String ann = customer("ann@example.com");
		String bob = customer("bob@example.com");
		addAddress(ann, "Ann");
		addAddress(bob, "Bob");
		this.jdbc.sql("UPDATE address a SET content = b.content FROM address b WHERE b.id <> a.id").update();
		assertThat(get("/api/v1/users/me/addresses", ann).status()).isEqualTo(500);
		this.jdbc.sql("UPDATE app_user a SET name = b.name FROM app_user b WHERE b.id <> a.id").update();
		assertThat(get("/api/v1/users/me", ann).status()).isEqualTo(500);
	}

	private static String hex(String text) {
		return HexFormat.of().formatHex(text.getBytes(StandardCharsets.UTF_8));
	}

	private List<String> tables() {
		return this.jdbc.sql("SELECT tablename FROM pg_tables WHERE schemaname = 'users'").query(String.class).list();
	}

	/** Every row of every table, as text. */
	private List<String> dump() throws SQLException {
		List<String> rows = new ArrayList<>();
		try (Connection connection = TestServers.postgres().connect("users");
				Statement statement = connection.createStatement()) {
			for (String table : tables()) {
				try (ResultSet result = statement.executeQuery("SELECT t::text FROM " + table + " t")) {
					while (result.next()) {
						rows.add(result.getString(1));
					}
				}
			}
		}
		return rows;
	}

}
