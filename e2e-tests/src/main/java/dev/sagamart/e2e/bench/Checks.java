package dev.sagamart.e2e.bench;

import dev.sagamart.e2e.books.Invariants;
import dev.sagamart.e2e.books.ProviderBooks;
import dev.sagamart.e2e.client.Product;
import dev.sagamart.e2e.client.Reply;
import dev.sagamart.e2e.client.Session;
import dev.sagamart.e2e.client.Stock;
import dev.sagamart.local.PostgresServer;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/**
 * Checks orders, stock and money after the load.
 *
 * @param products the products that only the benchmark buys
 */
record Checks(Session admin, List<Product> products, ServiceMetrics metrics, Database database,
		ProviderBooks provider) {

	/** The result of each check; it begins with NO if the check fails. */
	Map<String, String> verdicts(List<Outcome> outcomes) throws InterruptedException {
		Map<String, String> checks = new LinkedHashMap<>();
		List<Outcome.Orders> orders = outcomes.stream()
			.flatMap((outcome) -> Stream.ofNullable(outcome.orders()))
			.toList();
		int accepted = orders.stream().mapToInt(Outcome.Orders::accepted).sum();
		int confirmed = orders.stream().mapToInt(Outcome.Orders::confirmed).sum();
		int open = orders.stream().mapToInt(Outcome.Orders::open).sum();
		checks.put("every accepted order is CONFIRMED",
				verdict(accepted == confirmed, accepted + " accepted, " + confirmed + " confirmed, " + open + " open"));
		List<String> wrong = await(this::wrongStock, List::isEmpty);
		checks.put("no reservation of the benchmark is left open", verdict(wrong.isEmpty(), String.join("; ", wrong)));
		Reply reconciliation = this.admin.get("/api/v1/payments/reconciliation");
		checks.put("payments agree with the provider's books",
				verdict(reconciliation.status() == 200 && agrees(reconciliation.json()), reconciliation.body()));
		checks.put("outbox empty at the end", emptyBacklog(Backlog.OUTBOX));
		checks.put("consumers without lag at the end", emptyBacklog(Backlog.LAG));
		if (this.database.isKnown()) {
			checks.put("all invariants hold over the schemas and the provider's books", invariants());
		}
		return checks;
	}

	/** Products with open reservations or missing stock. */
	private List<String> wrongStock() {
		List<String> wrong = new ArrayList<>();
		for (Product product : this.products) {
			Stock stock = this.admin.stock(product);
			if (stock.reserved() != 0 || stock.onHand() < 0 || stock.available() != stock.onHand()) {
				wrong.add(product.sku() + " " + stock);
			}
		}
		return wrong;
	}

	private String emptyBacklog(String metric) throws InterruptedException {
		return emptyBacklog(await(() -> this.metrics.sum(metric), (messages) -> messages == 0));
	}

	/**
	 * Reads a value until it is as expected, and returns it as it is after at most 20 s:
	 * stock is released, and the lag is measured, some seconds after the last order.
	 */
	static <T> T await(Supplier<T> reading, Predicate<T> expected) throws InterruptedException {
		T value = reading.get();
		for (int pause = 0; pause < 40 && !expected.test(value); pause++) {
			TimeUnit.MILLISECONDS.sleep(500);
			value = reading.get();
		}
		return value;
	}

	private String invariants() {
		try (Connection connection = this.database.connect(PostgresServer.DATABASE)) {
			List<String> violations = Invariants.violations(connection, this.provider);
			return verdict(violations.isEmpty(), violations.isEmpty() ? ""
					: violations.size() + " violations, for instance " + violations.getFirst());
		}
		catch (SQLException ex) {
			return "not checked: " + ex.getMessage();
		}
	}

	/** Whether the totals of every currency agree and no payment is unmatched. */
	static boolean agrees(JsonNode node) {
		if (node.isObject() && node.has("providerCaptured")) {
			return node.path("captured").equals(node.path("providerCaptured"))
					&& node.path("refunded").equals(node.path("providerRefunded")) && node.path("unmatched").isEmpty();
		}
		return node.isContainer() && node.valueStream().filter(JsonNode::isContainer).allMatch(Checks::agrees);
	}

	/** An unknown number of messages fails the check. */
	static String emptyBacklog(double messages) {
		return Double.isNaN(messages) ? "NO: unknown" : verdict(messages == 0, "%.0f messages".formatted(messages));
	}

	private static String verdict(boolean holds, String detail) {
		return (holds ? "yes" : "NO") + (detail.isEmpty() ? "" : ": " + detail);
	}

}
