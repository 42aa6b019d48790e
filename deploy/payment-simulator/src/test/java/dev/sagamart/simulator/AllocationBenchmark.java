package dev.sagamart.simulator;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;

/**
 * A program that prints how many bytes each kind of call allocates, in client and
 * simulator together.
 */
final class AllocationBenchmark {

	private static final int CALLS = 300;

	private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

	private final HttpClient http;

	private final URI url;

	private String intentId = "";

	private String key = "";

	private AllocationBenchmark(HttpClient http, URI url) {
		this.http = http;
		this.url = url;
	}

	private interface Call {

		void make(int number) throws IOException, InterruptedException;

	}

	public static void main(String[] arguments) throws Exception {
		try (PaymentSimulator simulator = PaymentSimulator.start(Path.of(arguments[0]));
				HttpClient http = HttpClient.newHttpClient()) {
			new AllocationBenchmark(http, simulator.url()).measure();
		}
	}

	private void measure() throws Exception {
		// The measured calls read the newest orders, so create the same ones in all
		// books.
		for (int i = 0; i < 20; i++) {
			createAndCapture(i);
			post("/v1/refunds", "payment_intent=" + this.intentId, this.key + "r");
		}
		print("create and capture", this::createAndCapture);
		print("replay", (number) -> create(this.key));
		print("retrieve", (number) -> get("/v1/payment_intents/" + this.intentId + "?expand[]=latest_charge"));
		print("search", (number) -> get("/v1/payment_intents/search?query=metadata%5B'order_id'%5D:'order'"));
		print("list intents", (number) -> get("/v1/payment_intents?limit=10"));
		print("list charges", (number) -> get("/v1/charges?limit=10"));
		print("list refunds", (number) -> get("/v1/refunds?limit=10"));
		print("list events", (number) -> get("/v1/events?limit=10"));
	}

	private void print(String name, Call call) throws Exception {
		for (int i = 0; i < CALLS; i++) {
			call.make(i);
		}
		long before = THREADS.getTotalThreadAllocatedBytes();
		for (int i = 0; i < CALLS; i++) {
			call.make(i);
		}
		System.out.println(name + "=" + (THREADS.getTotalThreadAllocatedBytes() - before) / CALLS);
	}

	private void createAndCapture(int number) throws IOException, InterruptedException {
		this.key = "key-" + number + "-" + System.nanoTime();
		String answer = create(this.key);
		this.intentId = answer.substring(answer.indexOf("pi_"), answer.indexOf('"', answer.indexOf("pi_")));
		post("/v1/payment_intents/" + this.intentId + "/capture", "", this.key + "c");
	}

	private String create(String idempotencyKey) throws IOException, InterruptedException {
		return post("/v1/payment_intents",
				"amount=1999&currency=eur&confirm=true&capture_method=manual&payment_method=pm_card_visa"
						+ "&metadata[order_id]=order",
				idempotencyKey);
	}

	private String post(String path, String body, String idempotencyKey) throws IOException, InterruptedException {
		return send(HttpRequest.newBuilder(this.url.resolve(path))
			.header("Idempotency-Key", idempotencyKey)
			.POST(HttpRequest.BodyPublishers.ofString(body)));
	}

	private void get(String pathAndQuery) throws IOException, InterruptedException {
		send(HttpRequest.newBuilder(URI.create(this.url + pathAndQuery.replace("[", "%5B").replace("]", "%5D"))));
	}

	private String send(HttpRequest.Builder request) throws IOException, InterruptedException {
		HttpResponse<String> response = this.http.send(request.header("Authorization", "Bearer sk_test").build(),
				HttpResponse.BodyHandlers.ofString());
		if (response.statusCode() != 200) {
			throw new IllegalStateException(response.body());
		}
		return response.body();
	}

}
