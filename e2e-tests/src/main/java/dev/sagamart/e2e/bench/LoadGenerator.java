package dev.sagamart.e2e.bench;

import dev.sagamart.e2e.bench.HttpConnection.Response;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ConnectionClosedException;
import org.apache.hc.core5.http.NoHttpResponseException;

/**
 * Sends requests over keep-alive connections, with one platform thread and one request at
 * a time per connection. This needs a fraction of the CPU time of a general HTTP client
 * or of virtual threads, and the measured platform runs on the same processors.
 */
final class LoadGenerator {

	private static final Duration TIMEOUT = Duration.ofSeconds(15);

	private final InetSocketAddress server;

	private final Plan plan;

	private final Supplier<Call> traffic;

	private final Map<String, Latencies> latencies = new TreeMap<>();

	private final Map<String, Integer> failures = new TreeMap<>();

	private long due;

	private LoadGenerator(InetSocketAddress server, Plan plan, Supplier<Call> traffic) {
		this.server = server;
		this.plan = plan;
		this.traffic = traffic;
	}

	/**
	 * A request to be sent.
	 *
	 * @param kind the group for its latency
	 * @param onResponse called for every successful response, never concurrently
	 */
	record Call(String kind, ClassicHttpRequest request, Consumer<Response> onResponse) {

		Call(String kind, ClassicHttpRequest request) {
			this(kind, request, (response) -> {
			});
		}

	}

	/**
	 * The plan of a load test.
	 *
	 * @param rate requests per second. Latencies count from the time when a request was
	 * due, so they include the wait for a free connection. 0 sends as many as the
	 * connections allow.
	 * @param connections the number of connections, and so of concurrent requests
	 * @param duration how long to send new requests
	 * @param timeout how long the server may send nothing after a request
	 */
	record Plan(double rate, int connections, Duration duration, Duration timeout) {

		Plan(double rate, int connections, Duration duration) {
			this(rate, connections, duration, TIMEOUT);
		}

	}

	/**
	 * The result of a load test.
	 *
	 * @param latencies latencies by kind, successes only
	 * @param failures the number of failures by kind and cause: {@code order 503}
	 * @param seconds the time from the first request to the last response
	 */
	record Result(Map<String, Latencies> latencies, Map<String, Integer> failures, double seconds) {

		int succeeded() {
			return this.latencies.values().stream().mapToInt(Latencies::count).sum();
		}

		int failed() {
			return this.failures.values().stream().mapToInt(Integer::intValue).sum();
		}

		Latencies overall() {
			Latencies all = new Latencies();
			this.latencies.values().forEach(all::addAll);
			return all;
		}

	}

	/** Runs the plan and waits for the last responses. */
	static Result drive(InetSocketAddress server, Plan plan, Supplier<Call> traffic)
			throws IOException, InterruptedException {
		return new LoadGenerator(server, plan, traffic).run();
	}

	private Result run() throws IOException, InterruptedException {
		List<HttpConnection> connections = new ArrayList<>();
		for (int i = 0; i < this.plan.connections(); i++) {
			connections.add(new HttpConnection(this.server, i, this.plan.timeout()));
		}
		long start = System.nanoTime();
		long end = start + this.plan.duration().toNanos();
		this.due = start;
		try (ExecutorService executor = Executors.newFixedThreadPool(connections.size())) {
			List<Callable<Boolean>> workers = connections.stream()
				.<Callable<Boolean>>map((connection) -> () -> work(connection, end))
				.toList();
			for (Future<Boolean> worker : executor.invokeAll(workers)) {
				worker.get();
			}
		}
		catch (ExecutionException ex) {
			throw new IllegalStateException(ex);
		}
		return new Result(this.latencies, this.failures, (System.nanoTime() - start) / 1e9);
	}

	/** Sends requests when they are due, until the time is over. */
	private boolean work(HttpConnection connection, long end) throws IOException, InterruptedException {
		try (connection) {
			for (long next = nextDue(); next - end < 0; next = nextDue()) {
				TimeUnit.NANOSECONDS.sleep(next - System.nanoTime());
				Call call = nextCall();
				try {
					Response response = connection.exchange(call.request());
					recordResponse(call, response, System.nanoTime() - next);
				}
				catch (IOException ex) {
					recordFailure(call, ex);
				}
			}
			return true;
		}
	}

	private synchronized long nextDue() {
		if (this.plan.rate() <= 0) {
			return System.nanoTime();
		}
		long next = this.due;
		this.due += (long) (1e9 / this.plan.rate());
		return next;
	}

	private synchronized Call nextCall() {
		return this.traffic.get();
	}

	private synchronized void recordResponse(Call call, Response response, long nanos) {
		if (response.status() >= 200 && response.status() < 300) {
			this.latencies.computeIfAbsent(call.kind(), (_) -> new Latencies()).add(nanos);
			call.onResponse().accept(response);
		}
		else {
			countFailure(call, Integer.toString(response.status()));
		}
	}

	private synchronized void recordFailure(Call call, IOException failure) {
		countFailure(call, switch (failure) {
			case SocketTimeoutException _ -> "no answer";
			case ConnectionClosedException _, NoHttpResponseException _ -> "connection closed";
			default -> "connection lost";
		});
	}

	private void countFailure(Call call, String cause) {
		this.failures.merge(call.kind() + " " + cause, 1, Integer::sum);
	}

}
