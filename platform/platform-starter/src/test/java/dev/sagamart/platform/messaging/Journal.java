package dev.sagamart.platform.messaging;

import dev.sagamart.platform.messaging.inbox.MessageHandler;
import dev.sagamart.platform.messaging.inbox.Received;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
import org.slf4j.MDC;
import org.springframework.jdbc.core.JdbcTemplate;

/** A handler that writes down what it handles, and fails where it is told to. */
class Journal implements MessageHandler<Received<ParcelEvent>> {

	private final JdbcTemplate jdbc;

	private final String consumer;

	private final Map<UUID, Supplier<? extends Throwable>> failures = new ConcurrentHashMap<>();

	private final List<Integer> batchSizes = new CopyOnWriteArrayList<>();

	private final Set<String> correlationIds = ConcurrentHashMap.newKeySet();

	Journal(JdbcTemplate jdbc, String consumer) {
		this.jdbc = jdbc;
		this.consumer = consumer;
	}

	/** Fails whenever an aggregate comes, until {@link #heal} or a null. */
	void failOn(UUID aggregateId, Supplier<? extends Throwable> failure) {
		this.failures.put(aggregateId, failure);
	}

	void heal(UUID aggregateId) {
		this.failures.remove(aggregateId);
	}

	List<Integer> batchSizes() {
		return this.batchSizes;
	}

	Set<String> correlationIds() {
		return this.correlationIds;
	}

	@Override
	public void handle(List<Received<ParcelEvent>> batch) {
		this.batchSizes.add(batch.size());
		String correlationId = MDC.get(MessageContext.CORRELATION_ID);
		if (correlationId != null) {
			this.correlationIds.add(correlationId);
		}
		this.jdbc.batchUpdate("insert into journal (consumer, event_id, aggregate_id, sequence) values (?, ?, ?, ?)",
				batch.stream()
					.map((received) -> new Object[] { this.consumer, received.eventId(), received.message().parcelId(),
							received.message().sequence() })
					.toList());
		// After the writes: what is rolled back must not be seen.
		for (Received<ParcelEvent> received : batch) {
			Supplier<? extends Throwable> failure = this.failures.get(received.message().aggregateId());
			Throwable thrown = (failure != null) ? failure.get() : null;
			switch (thrown) {
				case null -> {
				}
				case Error error -> throw error;
				case RuntimeException exception -> throw exception;
				default -> throw new IllegalStateException(thrown);
			}
		}
	}

	/** The sequence numbers of an aggregate as they were handled, in that order. */
	List<Integer> of(UUID aggregateId) {
		return this.jdbc.queryForList(
				"select sequence from journal where consumer = ? and aggregate_id = ? order by position", Integer.class,
				this.consumer, aggregateId);
	}

}
