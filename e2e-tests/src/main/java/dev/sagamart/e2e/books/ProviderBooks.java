package dev.sagamart.e2e.books;

import dev.sagamart.e2e.client.Api;
import dev.sagamart.e2e.client.Session;
import java.net.URI;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** Reads the books of the payment simulator and switches its faults. */
public final class ProviderBooks {

	private static final int PAGE = 100;

	/** The API key of these calls and the token for switching faults. */
	public static final String TOKEN = "sk_test_books";

	private final Session books;

	public ProviderBooks(URI provider) {
		this.books = new Api(provider).session(TOKEN);
	}

	/**
	 * A payment intent as the provider has it.
	 *
	 * @param status Stripe's status: {@code requires_capture}, {@code succeeded},
	 * {@code canceled} and others
	 */
	public record Intent(String id, String orderId, String status, String currency, long amount, long captured,
			long refunded) {

		/** Whether the money is authorised and not captured. */
		public boolean isHeld() {
			return this.status.equals("requires_capture");
		}

	}

	/** The intents of an order, newest first. */
	public List<Intent> of(Object orderId) {
		return all().stream().filter((intent) -> intent.orderId().equals(orderId.toString())).toList();
	}

	public List<Intent> all() {
		Map<String, Long> refunds = new HashMap<>();
		for (JsonNode refund : pages("/v1/refunds")) {
			refunds.merge(refund.path("payment_intent").asString(), refund.path("amount").asLong(), Long::sum);
		}
		List<Intent> intents = new ArrayList<>();
		for (JsonNode intent : pages("/v1/payment_intents")) {
			String id = intent.path("id").asString();
			intents.add(new Intent(id, intent.path("metadata").path("order_id").asString(""),
					intent.path("status").asString(), intent.path("currency").asString(),
					intent.path("amount").asLong(), intent.path("amount_received").asLong(),
					refunds.getOrDefault(id, 0L)));
		}
		return intents;
	}

	/**
	 * Switches a fault of the simulator: while {@code down}, it closes every connection
	 * without executing the call; with {@code key_revoked}, it accepts no API key; with
	 * {@code other_account}, the API key's account has none of the platform's payments.
	 */
	public void fault(String fault, boolean on) {
		post("/simulator/faults", fault + "=" + on);
	}

	/** Captures an authorised amount, like a person in the provider's dashboard. */
	public void capture(Intent intent) {
		post("/v1/payment_intents/" + intent.id() + "/capture", "");
	}

	/** Refunds an amount, like a person in the provider's dashboard. */
	public void refund(Intent intent, long amount) {
		post("/v1/refunds", "payment_intent=" + intent.id() + "&amount=" + amount);
	}

	private void post(String path, String form) {
		this.books.postForm(path, form).expect(200);
	}

	private List<JsonNode> pages(String path) {
		List<JsonNode> found = new ArrayList<>();
		boolean more = true;
		String after = "";
		while (more) {
			JsonNode page = this.books.read(path + "?limit=" + PAGE + after).json();
			page.path("data").forEach(found::add);
			more = page.path("has_more").asBoolean();
			after = more ? "&starting_after=" + found.getLast().path("id").asString() : "";
		}
		return found;
	}

}
