package dev.sagamart.users;

import dev.sagamart.events.Money;
import dev.sagamart.platform.test.RoundTrips;
import dev.sagamart.users.notification.Notification.Kind;
import dev.sagamart.users.notification.Notifications;
import dev.sagamart.users.notification.OrderNotification;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.transaction.support.TransactionTemplate;

import static org.assertj.core.api.Assertions.assertThat;

/** How many statements each request costs, commits included. */
class StatementsIntegrationTests extends UsersTest {

	private static final String ANN = "ann@example.com";

	@Autowired
	private RoundTrips roundTrips;

	@Autowired
	private Notifications notifications;

	@Autowired
	private TransactionTemplate transaction;

	@TestConfiguration(proxyBeanMethods = false)
	static class Counting {

		@Bean
		static RoundTrips roundTrips() {
			return new RoundTrips();
		}

	}

	@Test
	void sessionsCostFewStatements() {
		costs(5, () -> register(ANN));
		costs(10, () -> logIn(ANN, PASSWORD));
		costs(3, () -> logIn(ANN, "a wrong password"));
		String refreshToken = logIn(ANN, PASSWORD).text("refreshToken");
		costs(6, () -> refresh(refreshToken));
	}

	@Test
	void secondFactorsCostFewStatements() {
		String ann = customer(ANN);
		costs(10, () -> call("POST", "/api/v1/users/me/second-factor", ann, Map.of("password", PASSWORD)));
		AuthenticatorApp app = enrol(ann);
		forgetSteps();
		costs(16, () -> logInWithCode(ANN, app.code()));
	}

	@Test
	void accountsCostFewStatements() {
		String ann = customer(ANN);
		costs(2, () -> get("/api/v1/users/me", ann));
		costs(4, () -> call("PUT", "/api/v1/users/me", ann, Map.of("name", "Ann")));
		costs(5, () -> call("POST", "/api/v1/users/me/addresses", ann, Map.of("recipient", "Ann", "line1",
				"1 High Street", "city", "Berlin", "postalCode", "10115", "country", "DE")));
		costs(2, () -> get("/api/v1/users/me/addresses", ann));
		costs(4, () -> call("PUT", "/api/v1/users/me/preferences", ann,
				Map.of("locale", "de", "currency", "EUR", "marketingEmails", true)));
		costs(2, () -> get("/api/v1/users/me/preferences", ann));
		costs(2, () -> get("/api/v1/users/me/notifications", ann));
		costs(1, () -> get("/oauth2/revoked-tokens", null));
		costs(16, () -> call("DELETE", "/api/v1/users/me", ann, null));
	}

	@Test
	void administrationCostsFewStatements() {
		String admin = admin();
		register(ANN);
		String ann = "/api/v1/users/" + idOf(ANN);
		costs(4, () -> get("/api/v1/users", admin));
		costs(4, () -> get(ann, admin));
		costs(4, () -> call("PUT", ann + "/roles", admin, Map.of("roles", List.of("ADMIN"))));
	}

	@ParameterizedTest
	@ValueSource(ints = { 1, 10, 100 })
	void notificationsCostTheSameHoweverManyThereAre(int many) {
		String ann = customer(ANN);
		UUID id = idOf(ANN);
		List<OrderNotification> news = Stream
			.generate(() -> new OrderNotification(UUID.randomUUID(), Kind.ORDER_CONFIRMED, id, UUID.randomUUID(),
					new Money(1999, "EUR"), Instant.now()))
			.limit(many)
			.toList();
		assertThat(this.roundTrips.of(() -> this.transaction.executeWithoutResult((_) -> {
			this.notifications.record(news);
			this.notifications.record(news);
		}))).as("two inserts and a commit").hasSize(3);
		assertThat(this.jdbc.sql("SELECT count(*) FROM notification").query(Integer.class).single()).isEqualTo(many);
		costs(2, () -> get("/api/v1/users/me/notifications?pageSize=100", ann));
	}

	private void costs(int most, Supplier<Answer> request) {
		assertThat(this.roundTrips.of(() -> assertThat(request.get().status()).isLessThan(500)))
			.hasSizeLessThanOrEqualTo(most);
	}

}
