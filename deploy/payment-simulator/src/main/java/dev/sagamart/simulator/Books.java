package dev.sagamart.simulator;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.SequencedMap;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The provider's records; executes each call, but only once per idempotency key. */
final class Books implements AutoCloseable {

	private static final int MAX_FAILURES = 1000;

	private final Store store;

	private final InstantSource clock;

	/** How often each flaky operation has failed; only the writer thread uses it. */
	private final SequencedMap<String, Integer> failures = new LinkedHashMap<>();

	/** Idempotency keys whose late reply is not sent yet. */
	private final Set<String> keysOfLateReplies = ConcurrentHashMap.newKeySet();

	private volatile @Nullable Runnable eventCallback;

	private Books(Store store, InstantSource clock) {
		this.store = store;
		this.clock = clock;
	}

	static Books open(Path directory, InstantSource clock) throws IOException {
		Files.createDirectories(directory);
		return new Books(Store.open(directory), clock);
	}

	/** Delivers events from now on; the callback runs after each change with an event. */
	void onEventDue(Runnable whenDue) {
		this.eventCallback = whenDue;
	}

	/** Executes an operation, or repeats its earlier reply for the same key. */
	Reply post(String path, Form form, @Nullable String key) throws InterruptedException {
		Runnable whenDue = this.eventCallback;
		Reply reply = this.store.change((tables) -> {
			try {
				return post(tables, path, form, key, whenDue != null);
			}
			catch (Refusal ex) {
				return ex.reply();
			}
		});
		if (whenDue != null && reply.isNewResult()) {
			whenDue.run();
		}
		return reply;
	}

	private Reply post(Tables tables, String path, Form form, @Nullable String key, boolean deliver) {
		long now = now();
		int request = 31 * path.hashCode() + form.hashCode();
		boolean withCharge = form.expands("latest_charge");
		Tables.StoredResult known = (key != null) ? tables.result(key, now) : null;
		if (key != null && known != null) {
			return replay(known, request, key, withCharge);
		}
		Operation operation = Operation.of(path);
		Intent intent = null;
		if (operation.kind() != Operation.Kind.CREATE) {
			String id = (operation.intentId() != null) ? operation.intentId() : intentToRefund(form);
			intent = tables.intent(id);
			if (intent == null) {
				throw Refusal.notFound("payment_intent", "intent", id);
			}
		}
		PaymentMethod method = method(form, intent);
		if (method == PaymentMethod.FLAKY && failsNow((key != null) ? key : path + form)) {
			throw Refusal.internalError();
		}
		OperationResult result = Rules.apply(operation.kind(), form, intent, now);
		tables.record(result, key, request, now, deliver);
		return result.reply(withCharge, false, delivery(method, operation.kind(), key));
	}

	private Reply replay(Tables.StoredResult known, int request, String key, boolean withCharge) {
		if (known.request() != request) {
			throw Refusal.keyOfAnotherRequest();
		}
		if (this.keysOfLateReplies.contains(key)) {
			throw Refusal.invalid(409, "idempotency_key_in_use", null,
					"There is currently another in-progress request using this Idempotent Key.");
		}
		return known.result().reply(withCharge, true, Reply.Delivery.AT_ONCE);
	}

	private Reply.Delivery delivery(@Nullable PaymentMethod method, Operation.Kind kind, @Nullable String key) {
		if (key != null && method == PaymentMethod.LOST_REPLY) {
			return Reply.Delivery.NEVER;
		}
		if (method == PaymentMethod.SLOW && kind.authorises()) {
			if (key != null) {
				this.keysOfLateReplies.add(key);
			}
			return Reply.Delivery.LATE;
		}
		return Reply.Delivery.AT_ONCE;
	}

	/** Marks a late reply as sent, so that its key may be used again. */
	void lateReplySent(@Nullable String key) {
		if (key != null) {
			this.keysOfLateReplies.remove(key);
		}
	}

	private boolean failsNow(String operation) {
		if (this.failures.merge(operation, 1, Integer::sum) > 2) {
			this.failures.remove(operation);
			return false;
		}
		if (this.failures.size() > MAX_FAILURES) {
			this.failures.pollFirstEntry();
		}
		return true;
	}

	private static @Nullable PaymentMethod method(Form form, @Nullable Intent intent) {
		String id = form.get("payment_method");
		if (id == null && intent != null) {
			id = intent.state().method();
		}
		return PaymentMethod.find(id);
	}

	private static String intentToRefund(Form form) {
		String charge = form.get("charge");
		if (charge != null && charge.startsWith("ch_")) {
			return "pi_" + charge.substring(3);
		}
		String intent = form.get("payment_intent");
		return (intent != null) ? intent : "";
	}

	<T extends @Nullable Object> T read(Function<Tables, T> query) {
		return this.store.read(query);
	}

	void deleteEverything() throws InterruptedException {
		this.store.change((tables) -> {
			tables.deleteEverything();
			return true;
		});
	}

	/** Records the result of an attempt to deliver an event. */
	void recordDelivery(Event event, boolean ended, long nextAttempt) throws InterruptedException {
		this.store.change((tables) -> {
			if (ended) {
				tables.endDelivery(event.id());
			}
			else {
				tables.postpone(event.id(), nextAttempt);
			}
			return ended;
		});
	}

	long now() {
		return this.clock.instant().getEpochSecond();
	}

	@Override
	public void close() {
		this.store.close();
	}

}
