package dev.sagamart.e2e.books;

import dev.sagamart.e2e.client.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** The payment simulator's books, and its switches. */
public final class ProviderBooks {

	private static final int PAGE = 100;

	/** The key of these calls, and their token for faults. */
	public static final String TOKEN = "sk_test_books";

	private static final String KEY = "Bearer " + TOKEN;

	private final HttpClient http;

	private final URI provider;

	public ProviderBooks(HttpClient http, URI provider) {
		this.http = http;
		this.provider = provider;
	}

	/**
	 * A payment intent as the provider has it.
	 *
	 * @param status Stripe's word: {@code requires_capture, succeeded, canceled} and
	 * others
	 */
	public record Intent(String id, String orderId, String status, String currency, long amount, long captured,
			long refunded) {

		/** Whether the buyer's money is held and was not taken. */
		public boolean isHeld() {
			return this.status.equals("requires_capture");
		}

	}

	/** The intents of an order, newest first. */
	public List<Intent> of(Object orderId) {
		return all().stream().filter((intent) -> intent.orderId().equals(orderId.toString())).toList();
	}

	/** Everything, newest first. */
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
	 * While down, every call is cut off without a reply and without being carried out.
	 */
	public void down(boolean down) {
		fault("down=" + down);
	}

	/** While revoked, no key is accepted any more. */
	public void keyRevoked(boolean keyRevoked) {
		fault("key_revoked=" + keyRevoked);
	}

	/**
	 * As if the platform's key were one of another account, without any of its payments.
	 */
	public void otherAccount(boolean otherAccount) {
		fault("other_account=" + otherAccount);
	}

	private void fault(String fault) {
		post("/simulator/faults", fault);
	}

	/** Takes an amount that is held, as a person does it in the provider's dashboard. */
	public void capture(Intent intent) {
		post("/v1/payment_intents/" + intent.id() + "/capture", "");
	}

	/** Gives money back, as a person does it in the provider's dashboard. */
	public void refund(Intent intent, long amount) {
		post("/v1/refunds", "payment_intent=" + intent.id() + "&amount=" + amount);
	}

	private void post(String path, String form) {
		send(HttpRequest.newBuilder(this.provider.resolve(path))
			.setHeader("Authorization", KEY)
			.setHeader("Content-Type", "application/x-www-form-urlencoded")
			.POST(HttpRequest.BodyPublishers.ofString(form)));
	}

	private List<JsonNode> pages(String path) {
		List<JsonNode> found = new ArrayList<>();
		boolean more = true;
		String after = "";
		while (more) {
			JsonNode page = Json
				.tree(send(HttpRequest.newBuilder(this.provider.resolve(path + "?limit=" + PAGE + after))
					.setHeader("Authorization", KEY)));
			page.path("data").forEach(found::add);
			more = page.path("has_more").asBoolean();
			after = more ? "&starting_after=" + found.getLast().path("id").asString() : "";
		}
		return found;
	}

	private String send(HttpRequest.Builder request) {
		try {
			HttpResponse<String> response = this.http.send(request.timeout(Duration.ofSeconds(30)).build(),
					HttpResponse.BodyHandlers.ofString());
			if (response.statusCode() != 200) {
				throw new IllegalStateException(
						"The provider answered " + response.statusCode() + ": " + response.body());
			}
			return response.body();
		}
		catch (IOException ex) {
			throw new UncheckedIOException("The provider did not answer", ex);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IllegalStateException("Interrupted", ex);
		}
	}

}
