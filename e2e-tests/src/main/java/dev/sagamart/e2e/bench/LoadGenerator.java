package dev.sagamart.e2e.bench;

import dev.sagamart.e2e.bench.HttpConnection.Response;
import java.io.EOFException;
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

/**
 * Sends requests over keep-alive connections, one at a time on each, from a thread for
 * each: the processors are shared with the platform that is measured, and this costs a
 * fraction of what a general HTTP client or a virtual thread does.
 */
final class LoadGenerator {

	private static final Duration PATIENCE = Duration.ofSeconds(15);

	private final InetSocketAddress server;

	private final Plan plan;

	private final Supplier<Call> traffic;

	private final Result result = new Result();

	private long due;

	private LoadGenerator(InetSocketAddress server, Plan plan, Supplier<Call> traffic) {
		this.server = server;
		this.plan = plan;
		this.traffic = traffic;
	}

	/**
	 * A request to be sent.
	 *
	 * @param kind what its latency is counted under
	 * @param request the whole of it as it goes over the wire
	 * @param onAnswer told of every answer that is a success, one after the other
	 */
	record Call(String kind, String request, Consumer<Response> onAnswer) {

		Call(String kind, String request) {
			this(kind, request, (response) -> {
			});
		}

	}

	/**
	 * How hard to drive.
	 *
	 * @param rate requests per second, whose latency counts from when each was due, so
	 * that waiting for a free connection is not overlooked; 0 for as many as the
	 * connections carry
	 * @param connections how many requests may be under way at once
	 * @param duration how long to begin new requests
	 * @param patience how long the server may say nothing once a request was sent
	 */
	record Plan(double rate, int connections, Duration duration, Duration patience) {

		Plan(double rate, int connections, Duration duration) {
			this(rate, connections, duration, PATIENCE);
		}

	}

	/** What came of it. */
	static final class Result {

		private final Map<String, Latencies> latencies = new TreeMap<>();

		private final Map<String, Integer> failures = new TreeMap<>();

		private double seconds;

		/** Latencies by kind, successes only. */
		Map<String, Latencies> latencies() {
			return this.latencies;
		}

		/** How often what went wrong: {@code order 503}. */
		Map<String, Integer> failures() {
			return this.failures;
		}

		int succeeded() {
			return this.latencies.values().stream().mapToInt(Latencies::count).sum();
		}

		int failed() {
			return this.failures.values().stream().mapToInt(Integer::intValue).sum();
		}

		/** From the first request to the last answer. */
		double seconds() {
			return this.seconds;
		}

		Latencies overall() {
			Latencies all = new Latencies();
			this.latencies.values().forEach(all::addAll);
			return all;
		}

		private void success(String kind, long nanos) {
			this.latencies.computeIfAbsent(kind, (name) -> new Latencies()).add(nanos);
		}

		private void failure(String kind, String what) {
			this.failures.merge(kind + " " + what, 1, Integer::sum);
		}

	}

	/** Drives the server by the plan and waits for the last answers. */
	static Result drive(InetSocketAddress server, Plan plan, Supplier<Call> traffic)
			throws IOException, InterruptedException {
		LoadGenerator generator = new LoadGenerator(server, plan, traffic);
		generator.run();
		return generator.result;
	}

	private void run() throws IOException, InterruptedException {
		List<HttpConnection> connections = new ArrayList<>();
		for (int i = 0; i < this.plan.connections(); i++) {
			connections.add(new HttpConnection(this.server, i, this.plan.patience()));
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
		this.result.seconds = (System.nanoTime() - start) / 1e9;
	}

	/** Sends whatever is due next, until the time is over. */
	private boolean work(HttpConnection connection, long end) throws IOException, InterruptedException {
		try (connection) {
			for (long next = nextDue(); next - end < 0; next = nextDue()) {
				TimeUnit.NANOSECONDS.sleep(next - System.nanoTime());
				Call call = nextCall();
				try {
					Response response = connection.exchange(call.request());
					answered(call, response, System.nanoTime() - next);
				}
				catch (IOException ex) {
					failed(call, ex);
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

	private synchronized void answered(Call call, Response response, long nanos) {
		if (response.status() >= 200 && response.status() < 300) {
			this.result.success(call.kind(), nanos);
			call.onAnswer().accept(response);
		}
		else {
			this.result.failure(call.kind(), Integer.toString(response.status()));
		}
	}

	private synchronized void failed(Call call, IOException failure) {
		this.result.failure(call.kind(), switch (failure) {
			case SocketTimeoutException _ -> "no answer";
			case EOFException _ -> "connection closed";
			default -> "connection lost";
		});
	}

}
