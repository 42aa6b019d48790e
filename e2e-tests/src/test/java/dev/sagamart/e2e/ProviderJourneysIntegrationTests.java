package dev.sagamart.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sagamart.e2e.books.ProviderBooks;
import dev.sagamart.e2e.books.ProviderBooks.Intent;
import dev.sagamart.e2e.client.Money;
import dev.sagamart.e2e.client.Order;
import dev.sagamart.e2e.client.OrderRequest;
import dev.sagamart.e2e.client.Payment;
import dev.sagamart.e2e.client.Product;
import dev.sagamart.e2e.client.Session;
import dev.sagamart.e2e.client.Stock;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.sql.SQLException;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/**
 * Tests what happens to orders when people change payments in the provider's dashboard,
 * and when the provider does not know our payments or our key. The books agree after each
 * test.
 */
@WholePlatform
class ProviderJourneysIntegrationTests {

	private static final Money PRICE = Money.eur(1999);

	private final RunningPlatform platform;

	private final ProviderBooks provider;

	private final Session admin;

	private final Session alice;

	ProviderJourneysIntegrationTests(RunningPlatform platform) {
		this.platform = platform;
		this.provider = platform.provider();
		this.admin = platform.admin();
		this.alice = platform.alice();
	}

	@AfterEach
	void booksAgree() throws SQLException {
		this.provider.fault("key_revoked", false);
		this.provider.fault("other_account", false);
		this.platform.awaitQuiet();
		this.platform.assertInvariantsHold();
	}

	@ParameterizedTest
	@ValueSource(longs = { 500, 1999 })
	void completesACancellationAfterARefundInTheDashboard(long refunded) {
		Product product = this.admin.createProduct(PRICE, 5);
		Order order = this.alice.await(this.alice.place(OrderRequest.of(product, 1)), "CONFIRMED");
		this.provider.refund(intent(order), refunded);
		this.alice.cancel(order).expect(202);
		this.alice.await(order.id(), Set.of("CANCELLED"), RunningPlatform.TIMEOUT);
		assertRefunded(order);
		awaiting("the stock").until(() -> this.admin.stock(product).equals(new Stock(5, 0, 5, 0)));
		awaiting("the notification")
			.until(() -> this.alice.read("/api/v1/users/me/notifications").body().contains(order.id().toString()));
	}

	@Test
	void recordsARefundInTheDashboard() {
		Order order = this.alice.await(this.alice.place(OrderRequest.of(this.admin.createProduct(PRICE, 5), 1)),
				"CONFIRMED");
		this.provider.refund(intent(order), 700);
		awaiting("the refund").until(() -> payment(order).refundedAmount() == 700);
		assertThat(payment(order).status()).isEqualTo("PARTIALLY_REFUNDED");
		assertThat(this.alice.order(order.id()).status()).isEqualTo("CONFIRMED");
	}

	@Test
	void refundsACaptureInTheDashboardDuringACancellation() {
		Product product = this.admin.createProduct(PRICE, 5);
		Order order = this.alice.place(OrderRequest.of(product, 1).payingWith("pm_sim_slow"));
		awaiting("the hold").until(() -> held(order).findAny().isPresent());
		this.provider.capture(intent(order));
		this.alice.cancel(order).expect(202);
		this.alice.await(order.id(), Set.of("CANCELLED"), RunningPlatform.TIMEOUT);
		assertRefunded(order);
		awaiting("the stock").until(() -> this.admin.stock(product).equals(new Stock(5, 0, 5, 0)));
	}

	@Test
	void showsARefundOfAnUnknownPaymentToTheOperator() {
		Order order = this.alice.await(this.alice.place(OrderRequest.of(this.admin.createProduct(PRICE, 5), 1)),
				"CONFIRMED");
		this.provider.fault("other_account", true);
		this.alice.cancel(order).expect(202);
		awaiting("the operator's list").until(() -> stuck(order), (heard) -> heard.contains("unknown_to_provider"));
		assertThat(this.alice.order(order.id()).status()).isEqualTo("CANCELLING");
		this.provider.fault("other_account", false);
		this.admin.post("/api/v1/operations/sagas/" + order.id() + "/retry", null).expect(202);
		this.alice.await(order.id(), Set.of("CANCELLED"), RunningPlatform.TIMEOUT);
		assertRefunded(order);
	}

	@Test
	void warnsOfARevokedKeyAndContinuesWhenItIsValid() {
		Product product = this.admin.createProduct(PRICE, 10);
		this.provider.fault("key_revoked", true);
		List<Order> orders = Stream.generate(() -> this.alice.place(OrderRequest.of(product, 1))).limit(3).toList();
		awaiting("a warning").until(this::readiness,
				(answer) -> answer.statusCode() == 200 && answer.body().contains("rejects the API key"));
		this.provider.fault("key_revoked", false);
		orders.forEach((order) -> this.alice.awaitSettled(order));
		awaiting("readiness").until(this::readiness, (answer) -> !answer.body().contains("WARNING"));
	}

	private HttpResponse<String> readiness() throws Exception {
		try (HttpClient http = HttpClient.newHttpClient()) {
			return http.send(HttpRequest
				.newBuilder(this.platform.managementUrl(Parts.PAYMENT_SERVICE).resolve("/actuator/health/readiness"))
				.build(), HttpResponse.BodyHandlers.ofString());
		}
	}

	private String stuck(Order order) {
		for (JsonNode saga : this.admin.read("/api/v1/operations/sagas?stuck=true").json().path("items")) {
			if (saga.path("orderId").asString().equals(order.id().toString())) {
				return saga.path("lastHeard").asString();
			}
		}
		return "";
	}

	private Stream<Intent> held(Order order) {
		return this.provider.of(order.id()).stream().filter(Intent::isHeld);
	}

	private Intent intent(Order order) {
		return this.provider.of(order.id()).getFirst();
	}

	private Payment payment(Order order) {
		return this.alice.payments(order.id()).getFirst();
	}

	private void assertRefunded(Order order) {
		assertThat(payment(order).status()).isEqualTo("REFUNDED");
		assertThat(payment(order).refundedAmount()).isEqualTo(order.total().amount());
		assertThat(intent(order))
			.matches((intent) -> intent.captured() == order.total().amount() && intent.refunded() == intent.captured());
	}

	private static ConditionFactory awaiting(String what) {
		return Awaitility.await(what).atMost(RunningPlatform.TIMEOUT);
	}

}
