package dev.sagamart.orders.saga.web;

import dev.sagamart.orders.saga.SagaJournal;
import dev.sagamart.orders.saga.SagaMoved;
import dev.sagamart.orders.saga.SagaStep;
import dev.sagamart.platform.tokens.RevokedTokens;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.context.event.EventListener;
import org.springframework.dao.DataAccessException;
import org.springframework.scheduling.annotation.SchedulingConfigurer;
import org.springframework.scheduling.config.ScheduledTaskRegistrar;
import org.springframework.stereotype.Component;
import org.springframework.transaction.event.TransactionalEventListener;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;

/**
 * Streams the journals of orders as they are written. Every stream has a virtual thread,
 * which reads the journal when it is woken: at once if this instance moved the saga, a
 * moment later if another one did, which a single query finds out for all streams.
 * Between two reads a stream holds no connection to the database.
 */
@Component
class SagaStreams implements SchedulingConfigurer {

	private static final Logger log = LoggerFactory.getLogger(SagaStreams.class);

	/** Most that are read at a time. */
	private static final int STEPS = 500;

	private final Map<UUID, Set<Stream>> open = new ConcurrentHashMap<>();

	/** The oldest of each user first. */
	private final Map<UUID, Deque<Stream>> byUser = new ConcurrentHashMap<>();

	private final SagaJournal journal;

	private final SagaStreamProperties properties;

	private final RevokedTokens revoked;

	private final Semaphore places;

	private volatile boolean closed;

	SagaStreams(SagaJournal journal, SagaStreamProperties properties, RevokedTokens revoked, MeterRegistry meters) {
		this.journal = journal;
		this.revoked = revoked;
		this.properties = properties;
		this.places = new Semaphore(properties.maximum());
		Gauge.builder("sagamart.streams.open", () -> properties.maximum() - this.places.availablePermits())
			.description("Event streams of orders")
			.register(meters);
	}

	/**
	 * Opens a stream of an order's steps. A user who has as many as they can have loses
	 * the oldest.
	 * @param after the sequence number of the last step that the client has
	 * @return empty if too many streams are open
	 */
	Optional<SseEmitter> open(UUID userId, UUID orderId, int after) {
		if (this.closed || !this.places.tryAcquire()) {
			return Optional.empty();
		}
		Stream stream = new Stream(userId, orderId, after);
		this.open.compute(orderId, (_, streams) -> {
			Set<Stream> all = (streams != null) ? streams : ConcurrentHashMap.newKeySet();
			all.add(stream);
			return all;
		});
		this.byUser.compute(userId, (_, streams) -> {
			Deque<Stream> own = (streams != null) ? streams : new ArrayDeque<>();
			own.addLast(stream);
			if (own.size() > this.properties.maximumPerUser()) {
				own.removeFirst().end();
			}
			return own;
		});
		if (this.closed) {
			// Perhaps it came too late for who ended the others.
			stream.end();
		}
		stream.start();
		return Optional.of(stream.emitter);
	}

	@TransactionalEventListener
	void on(SagaMoved moved) {
		if (!this.open.isEmpty()) {
			moved.orderIds().forEach((orderId) -> this.open.getOrDefault(orderId, Set.of()).forEach(Stream::wake));
		}
	}

	@Override
	public void configureTasks(ScheduledTaskRegistrar registrar) {
		registrar.addFixedDelayTask(this::look, this.properties.poll());
	}

	private void look() {
		if (this.open.isEmpty()) {
			return;
		}
		this.open.values().forEach((streams) -> streams.forEach(Stream::endIfTakenBack));
		try {
			this.journal.lastSequences(this.open.keySet())
				.forEach((orderId, last) -> this.open.getOrDefault(orderId, Set.of())
					.forEach((stream) -> stream.wakeIfBehind(last)));
		}
		catch (DataAccessException ex) {
			log.warn("Streams cannot look for steps, they will later: {}", ex.toString());
		}
	}

	/** Ends all streams, so that a graceful shutdown does not wait for them. */
	@EventListener(ContextClosedEvent.class)
	void close() {
		this.closed = true;
		this.open.values().forEach((streams) -> streams.forEach(Stream::end));
	}

	private void closed(Stream stream) {
		this.open.computeIfPresent(stream.orderId, (_, streams) -> {
			streams.remove(stream);
			return streams.isEmpty() ? null : streams;
		});
		this.byUser.computeIfPresent(stream.userId, (_, streams) -> {
			streams.remove(stream);
			return streams.isEmpty() ? null : streams;
		});
		this.places.release();
	}

	private final class Stream {

		private final UUID userId;

		private final UUID orderId;

		private final long generation;

		private final SseEmitter emitter = new SseEmitter(0L);

		private final Semaphore news = new Semaphore(0);

		private volatile boolean ended;

		private volatile int last;

		Stream(UUID userId, UUID orderId, int last) {
			this.userId = userId;
			this.orderId = orderId;
			this.last = last;
			this.generation = generation();
		}

		private long generation() {
			return SagaStreams.this.revoked.generationOf(this.userId.toString());
		}

		/** The list forgets a user's generation once all older tokens have expired. */
		void endIfTakenBack() {
			if (generation() > this.generation) {
				end();
			}
		}

		void start() {
			this.emitter.onCompletion(this::end);
			Thread.ofVirtual().name("order-events").start(this::run);
		}

		void wake() {
			this.news.release();
		}

		void wakeIfBehind(int written) {
			if (this.last < written) {
				wake();
			}
		}

		void end() {
			this.ended = true;
			wake();
		}

		private void run() {
			try {
				long started = System.nanoTime();
				boolean more = true;
				// Begins the answer, also if there is nothing to tell for long: who waits
				// for it gives up.
				beat();
				while (more && !this.ended && !since(started, SagaStreams.this.properties.longest())) {
					more = tell();
					if (more && !this.news.tryAcquire(SagaStreams.this.properties.heartbeat().toMillis(),
							TimeUnit.MILLISECONDS)) {
						beat();
					}
					this.news.drainPermits();
				}
				this.emitter.complete();
			}
			catch (IOException | IllegalStateException ex) {
				log.debug("The client of a stream has gone: {}", ex.toString());
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
			}
			catch (RuntimeException ex) {
				log.warn("The stream of order {} breaks off, its client may resume it: {}", this.orderId,
						ex.toString());
				this.emitter.complete();
			}
			finally {
				closed(this);
			}
		}

		private void beat() throws IOException {
			this.emitter.send(SseEmitter.event().comment("heartbeat"));
		}

		/**
		 * Sends what the client does not have yet.
		 * @return whether more may follow
		 */
		private boolean tell() throws IOException {
			// The last one that it has comes along, since it says where the saga stands.
			List<SagaStep> steps = SagaStreams.this.journal.read(this.orderId, Math.max(this.last, 1), STEPS);
			if (steps.isEmpty() && this.last > 0) {
				// The client claims to have more than there is.
				this.last = 0;
				return tell();
			}
			for (SagaStep step : steps) {
				if (step.sequence() > this.last) {
					this.emitter.send(SseEmitter.event()
						.id(String.valueOf(step.sequence()))
						.name("step")
						.data(SagaStepResponse.from(step)));
					this.last = step.sequence();
				}
			}
			if (steps.size() == STEPS) {
				return tell();
			}
			return steps.isEmpty() || !steps.getLast().state().status().isTerminal();
		}

		private static boolean since(long nanoTime, Duration duration) {
			return System.nanoTime() - nanoTime >= duration.toNanos();
		}

	}

}
