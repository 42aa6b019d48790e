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
import tools.jackson.databind.JsonNode;

/**
 * Whether orders, stock and money are as they must be after the load.
 *
 * @param products those that were bought, by nobody else
 */
record Checks(Session admin, List<Product> products, Meters meters, Database database, ProviderBooks provider) {

	/** The verdict of each check, which begins with NO if it does not hold. */
	Map<String, String> verdicts(List<Outcome> outcomes) throws InterruptedException {
		Map<String, String> checks = new LinkedHashMap<>();
		int accepted = 0;
		int confirmed = 0;
		int open = 0;
		for (Outcome outcome : outcomes) {
			Outcome.Orders orders = outcome.orders();
			if (orders != null) {
				accepted += orders.accepted();
				confirmed += orders.confirmed();
				open += orders.open();
			}
		}
		checks.put("every accepted order is CONFIRMED",
				verdict(accepted == confirmed, accepted + " accepted, " + confirmed + " confirmed, " + open + " open"));
		List<String> wrong = wrongStock();
		checks.put("no reservation of the benchmark is left open", verdict(wrong.isEmpty(), String.join("; ", wrong)));
		Reply reconciliation = this.admin.get("/api/v1/payments/reconciliation");
		checks.put("payments agree with the provider's books",
				verdict(reconciliation.status() == 200 && agrees(reconciliation.json()), reconciliation.body()));
		checks.put("outbox empty at the end", nothingWaits(this.meters.sum(Backlog.OUTBOX)));
		checks.put("consumers without lag at the end", nothingWaits(this.meters.sum(Backlog.LAG)));
		if (this.database.isKnown()) {
			checks.put("all invariants hold over the schemas and the provider's books", invariants());
		}
		return checks;
	}

	/** What is reserved or missing of the stock, after some time to give it back. */
	private List<String> wrongStock() throws InterruptedException {
		List<String> wrong = new ArrayList<>();
		for (int attempt = 0; attempt < 20; attempt++) {
			wrong.clear();
			for (Product product : this.products) {
				Stock stock = this.admin.stock(product);
				if (stock.reserved() != 0 || stock.onHand() < 0 || stock.available() != stock.onHand()) {
					wrong.add(product.sku() + " " + stock);
				}
			}
			if (wrong.isEmpty()) {
				break;
			}
			TimeUnit.MILLISECONDS.sleep(500);
		}
		return wrong;
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

	/** Whether every currency's figures agree and nothing is unmatched. */
	static boolean agrees(JsonNode node) {
		if (node.isObject() && node.has("providerCaptured")) {
			return node.path("captured").equals(node.path("providerCaptured"))
					&& node.path("refunded").equals(node.path("providerRefunded")) && node.path("unmatched").isEmpty();
		}
		return node.isContainer() && node.valueStream().filter(JsonNode::isContainer).allMatch(Checks::agrees);
	}

	/** A figure that no service tells is no good news. */
	static String nothingWaits(double messages) {
		return Double.isNaN(messages) ? "NO: not known" : verdict(messages == 0, "%.0f messages".formatted(messages));
	}

	private static String verdict(boolean holds, String detail) {
		return (holds ? "yes" : "NO") + (detail.isEmpty() ? "" : ": " + detail);
	}

}
