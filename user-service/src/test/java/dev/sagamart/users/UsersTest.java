package dev.sagamart.users;

import dev.sagamart.platform.test.PlatformTest;
import dev.sagamart.platform.test.TestServers;
import dev.sagamart.platform.encryption.PersonalData;
import dev.sagamart.users.user.EmailAddress;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.env.Environment;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The whole service, called as clients call it. An ADMIN needs no second factor, except
 * in tests that are about that.
 */
@PlatformTest(properties = "sagamart.second-factor.required=false")
public abstract class UsersTest {

	protected static final String PASSWORD = "correct horse battery";

	private static final JsonMapper JSON = JsonMapper.builder().build();

	private static final HttpClient HTTP = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

	@LocalServerPort
	private int port;

	@Autowired
	protected JdbcClient jdbc;

	@Autowired
	private PersonalData personalData;

	@Autowired
	private Environment environment;

	/** An answer of the API. */
	public record Answer(int status, HttpResponse<String> response) {

		public JsonNode json() {
			return JSON.readTree(this.response.body());
		}

		public String text(String field) {
			return json().get(field).asString();
		}

		public String code() {
			return text("code");
		}

		public String header(String name) {
			return this.response.headers().firstValue(name).orElse("");
		}

	}

	@BeforeEach
	void forget() throws SQLException {
		TestServers.postgres().truncate("users", "signing_key", "encryption_key");
	}

	protected Answer call(String method, String path, String token, Object body, String... headers) {
		HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(base() + path)).timeout(Duration.ofSeconds(60));
		if (token != null) {
			request.header("Authorization", "Bearer " + token);
		}
		if (headers.length > 0) {
			request.headers(headers);
		}
		if (body != null) {
			request.header("Content-Type", "application/json")
				.method(method, HttpRequest.BodyPublishers
					.ofString((body instanceof String text) ? text : JSON.writeValueAsString(body)));
		}
		else {
			request.method(method, HttpRequest.BodyPublishers.noBody());
		}
		try {
			HttpResponse<String> response = HTTP.send(request.build(), HttpResponse.BodyHandlers.ofString());
			return new Answer(response.statusCode(), response);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IllegalStateException(ex);
		}
	}

	protected String base() {
		return "http://127.0.0.1:" + this.port;
	}

	protected Answer get(String path, String token) {
		return call("GET", path, token, null);
	}

	protected Answer register(String email) {
		return call("POST", "/api/v1/users", null, Map.of("email", email, "password", PASSWORD, "name", "Somebody"));
	}

	protected Answer logIn(String email, String password, String... headers) {
		return call("POST", "/api/v1/sessions", null, Map.of("email", email, "password", password), headers);
	}

	protected Answer logInWithCode(String email, String code, String... headers) {
		return call("POST", "/api/v1/sessions", null, Map.of("email", email, "password", PASSWORD, "code", code),
				headers);
	}

	/** Gives somebody a second factor; all their sessions have ended then. */
	protected AuthenticatorApp enrol(String token) {
		String secret = call("POST", "/api/v1/users/me/second-factor", token, Map.of("password", PASSWORD))
			.text("secret");
		Answer enrolled = call("PUT", "/api/v1/users/me/second-factor", token,
				Map.of("code", new AuthenticatorApp(secret, List.of()).code()));
		return new AuthenticatorApp(secret,
				enrolled.json().get("recoveryCodes").valueStream().map((code) -> code.asString()).toList());
	}

	/** As if nobody had given a code for a long time. */
	protected void forgetSteps() {
		this.jdbc.sql("UPDATE second_factor SET last_step = last_step - 100").update();
	}

	protected Answer refresh(String refreshToken) {
		return call("POST", "/api/v1/sessions/refresh", null, Map.of("refreshToken", refreshToken));
	}

	/** Registers somebody and gives their access token. */
	protected String customer(String email) {
		register(email);
		return logIn(email, PASSWORD).text("accessToken");
	}

	protected String admin() {
		register("root@example.com");
		this.jdbc.sql("UPDATE app_user SET roles = '{ADMIN}' WHERE id = ?").param(idOf("root@example.com")).update();
		return logIn("root@example.com", PASSWORD).text("accessToken");
	}

	protected UUID idOf(String email) {
		return this.jdbc.sql("SELECT id FROM app_user WHERE email_key = ?")
			.param(this.personalData.fingerprint(EmailAddress.of(email).orElseThrow().key()))
			.query(UUID.class)
			.single();
	}

	/** Another instance with the same servers, and with these arguments. */
	protected ConfigurableApplicationContext startAnother(String... more) {
		List<String> arguments = new ArrayList<>(List.of("--server.port=0", "--management.server.port=0",
				"--spring.datasource.hikari.connection-timeout=8000"));
		for (String name : List.of("POSTGRES_ADDRESS", "POSTGRES_PASSWORD", "KAFKA_BOOTSTRAP_SERVERS", "REDIS_ADDRESS",
				"JWKS_URI", "TOKEN_URI")) {
			arguments.add("--" + name + "=" + this.environment.getRequiredProperty(name));
		}
		Collections.addAll(arguments, more);
		return new SpringApplicationBuilder(UserServiceApplication.class).run(arguments.toArray(String[]::new));
	}

	/** Does the same many times at once. */
	protected static <T> List<T> atOnce(int times, Callable<T> work) throws Exception {
		try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
			List<T> results = new ArrayList<>();
			for (Future<T> future : threads.invokeAll(Collections.nCopies(times, work))) {
				results.add(future.get());
			}
			return results;
		}
	}

}
