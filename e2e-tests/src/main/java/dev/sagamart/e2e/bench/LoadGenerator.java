package dev.sagamart.e2e.bench;

import dev.sagamart.e2e.bench.ResponseReader.Response;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.channels.UnsupportedAddressTypeException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Sends requests over keep-alive connections, one at a time on each, all from a single
 * thread: the processors are shared with the platform that is measured, and this costs
 * about a tenth of what a general HTTP client does.
 */
final class LoadGenerator {

	private static final Duration PATIENCE = Duration.ofSeconds(15);

	private static final Duration REVIEW = Duration.ofSeconds(1);

	private static final int ADDRESSES = 16;

	private final InetSocketAddress server;

	private final Selector selector;

	private final ByteBuffer readBuffer = ByteBuffer.allocateDirect(64 * 1024);

	private final Deque<Connection> idle = new ArrayDeque<>();

	private final List<Connection> connections = new ArrayList<>();

	private final Result result = new Result();

	private int opened;

	private LoadGenerator(InetSocketAddress server) throws IOException {
		this.server = server;
		this.selector = Selector.open();
	}

	/**
	 * A request to be sent.
	 *
	 * @param kind what its latency is counted under
	 * @param bytes the whole request as it goes over the wire
	 * @param onAnswer told of every answer that is a success, on the sending thread
	 */
	record Call(String kind, ByteBuffer bytes, Consumer<Response> onAnswer) {

		Call(String kind, ByteBuffer bytes) {
			this(kind, bytes, (response) -> {
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
	 * @param patience how long to wait for an answer once a request was sent
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
	static Result drive(InetSocketAddress server, Plan plan, Supplier<Call> traffic) throws IOException {
		LoadGenerator generator = new LoadGenerator(server);
		try {
			generator.run(plan, traffic);
			return generator.result;
		}
		finally {
			generator.close();
		}
	}

	private void run(Plan plan, Supplier<Call> traffic) throws IOException {
		for (int i = 0; i < plan.connections(); i++) {
			Connection connection = new Connection();
			connection.open();
			this.connections.add(connection);
			this.idle.add(connection);
		}
		long start = System.nanoTime();
		long end = start + plan.duration().toNanos();
		long interval = (plan.rate() > 0) ? (long) (1e9 / plan.rate()) : 0;
		long due = start;
		long review = Math.min(REVIEW.toNanos(), plan.patience().toNanos());
		long nextReview = start + review;
		while (true) {
			long now = System.nanoTime();
			boolean open = (interval > 0) ? due < end : now < end;
			while (open && !this.idle.isEmpty() && (interval == 0 || due <= now)) {
				this.idle.pop().send(traffic.get(), (interval > 0) ? due : now);
				due += interval;
				open = interval == 0 || due < end;
			}
			if (!open && this.idle.size() == this.connections.size()) {
				break;
			}
			await(open && interval > 0 && !this.idle.isEmpty() ? due - now : Duration.ofMillis(50).toNanos());
			if (now > nextReview) {
				giveUpOnTheLate(now - plan.patience().toNanos());
				nextReview = now + review;
			}
		}
		this.result.seconds = (System.nanoTime() - start) / 1e9;
	}

	private void await(long nanos) throws IOException {
		long millis = nanos / 1_000_000;
		this.selector.select(this::ready, Math.max(1, millis));
	}

	private void ready(SelectionKey key) {
		Connection connection = (Connection) key.attachment();
		try {
			if (key.isWritable()) {
				connection.write();
			}
			if (key.isReadable()) {
				connection.receive();
			}
		}
		catch (IOException ex) {
			connection.fail("connection lost");
		}
	}

	/** A request that had to wait for a free connection is not late for that. */
	private void giveUpOnTheLate(long sentBefore) {
		for (Connection connection : this.connections) {
			if (connection.call != null && connection.sent - sentBefore < 0) {
				connection.fail("no answer");
			}
		}
	}

	/**
	 * From one address after the other, as many customers come, who do not share one
	 * limit; from the usual one where this machine has no other.
	 */
	private SocketChannel connect() throws IOException {
		SocketChannel channel = SocketChannel.open();
		try {
			channel.bind(new InetSocketAddress("127.0.1." + (1 + this.opened++ % ADDRESSES), 0));
			channel.connect(this.server);
			return channel;
		}
		catch (IOException | UnsupportedAddressTypeException _) {
			channel.close();
			return SocketChannel.open(this.server);
		}
	}

	private void close() throws IOException {
		for (Connection connection : this.connections) {
			connection.channel().close();
		}
		this.selector.close();
	}

	private final class Connection {

		private @Nullable SocketChannel channel;

		private @Nullable SelectionKey key;

		private ResponseReader reader = new ResponseReader();

		private @Nullable Call call;

		private ByteBuffer unsent = ByteBuffer.allocate(0);

		private long since;

		private long sent;

		private void open() throws IOException {
			this.channel = LoadGenerator.this.connect();
			this.channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
			this.channel.configureBlocking(false);
			this.key = this.channel.register(LoadGenerator.this.selector, SelectionKey.OP_READ, this);
			this.reader = new ResponseReader();
		}

		private SocketChannel channel() {
			if (this.channel == null) {
				throw new IllegalStateException("Not open");
			}
			return this.channel;
		}

		private void send(Call next, long from) {
			this.call = next;
			this.since = from;
			this.sent = System.nanoTime();
			this.unsent = next.bytes();
			try {
				write();
			}
			catch (IOException ex) {
				fail("connection lost");
			}
		}

		private void write() throws IOException {
			channel().write(this.unsent);
			if (this.key != null) {
				this.key.interestOps(this.unsent.hasRemaining() ? SelectionKey.OP_READ | SelectionKey.OP_WRITE
						: SelectionKey.OP_READ);
			}
		}

		private void receive() throws IOException {
			ByteBuffer buffer = LoadGenerator.this.readBuffer.clear();
			int count = channel().read(buffer);
			Call current = this.call;
			if (count < 0) {
				if (current != null) {
					fail("connection closed");
				}
				else {
					reopen();
				}
				return;
			}
			Response response = this.reader.read(buffer.flip());
			if (response == null || current == null) {
				return;
			}
			long took = System.nanoTime() - this.since;
			this.call = null;
			if (response.status() >= 200 && response.status() < 300) {
				LoadGenerator.this.result.success(current.kind(), took);
				current.onAnswer().accept(response);
			}
			else {
				LoadGenerator.this.result.failure(current.kind(), Integer.toString(response.status()));
			}
			if (response.last()) {
				reopen();
			}
			LoadGenerator.this.idle.add(this);
		}

		private void fail(String what) {
			Call current = this.call;
			if (current != null) {
				LoadGenerator.this.result.failure(current.kind(), what);
				this.call = null;
				LoadGenerator.this.idle.add(this);
			}
			reopen();
		}

		/** A server that refuses connections shows as failures of the next requests. */
		private void reopen() {
			try {
				channel().close();
				open();
			}
			catch (IOException ex) {
				this.reader = new ResponseReader();
			}
		}

	}

}
