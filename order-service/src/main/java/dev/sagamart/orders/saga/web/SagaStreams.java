package dev.sagamart.orders.saga.web;

import dev.sagamart.orders.saga.SagaJournal;
import dev.sagamart.orders.saga.SagaMoved;
import dev.sagamart.orders.saga.SagaStep;
import dev.sagamart.platform.tokens.RevokedTokens;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.context.event.EventListener;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;
import org.springframework.transaction.event.TransactionalEventListener;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;

/**
 * Streams the journals of orders. Every stream has a virtual thread, which reads the
 * journal when it is woken: at once if this instance moved the saga, or after the next
 * poll, a single query for all streams, if another instance did. A stream holds no
 * database connection while it waits.
 */
@Component
class SagaStreams {

	private static final Logger logger = LoggerFactory.getLogger(SagaStreams.class);

	/** How many are read at a time. */
	private static final int STEPS = 500;

	/** The oldest first. */
	private final Queue<Stream> open = new ConcurrentLinkedQueue<>();

	private final SagaJournal journal;

	private final SagaStreamProperties properties;

	private final RevokedTokens revoked;

	private final Semaphore permits;

	private volatile boolean closed;

	SagaStreams(SagaJournal journal, SagaStreamProperties properties, RevokedTokens revoked, MeterRegistry meters) {
		this.journal = journal;
		this.revoked = revoked;
		this.properties = properties;
		this.permits = new Semaphore(properties.maximum());
		Gauge.builder("sagamart.streams.open", () -> properties.maximum() - this.permits.availablePermits())
			.description("Event streams of orders")
			.register(meters);
	}

	/**
	 * Opens a stream of the steps of an order. If the user has the maximum already, the
	 * oldest one ends.
	 * @param after the sequence number of the last step that the client has
	 * @return empty if too many streams are open
	 */
	Optional<SseEmitter> open(UUID userId, UUID orderId, int after) {
		if (this.closed || !this.permits.tryAcquire()) {
			return Optional.empty();
		}
		Stream stream = new Stream(userId, orderId, after);
		this.open.add(stream);
		List<Stream> own = this.open.stream().filter((other) -> other.userId.equals(userId) && !other.ended).toList();
		own.stream().limit(Math.max(own.size() - this.properties.maximumPerUser(), 0)).forEach(Stream::end);
		if (this.closed) {
			// close() may have run before the stream was added.
			stream.end();
		}
		stream.start();
		return Optional.of(stream.emitter);
	}

	@TransactionalEventListener
	void on(SagaMoved moved) {
		if (!this.open.isEmpty()) {
			Set<UUID> orderIds = moved.orderIds();
			this.open.stream().filter((stream) -> orderIds.contains(stream.orderId)).forEach(Stream::wake);
		}
	}

	@Scheduled(fixedDelayString = "${sagamart.streams.poll:1s}")
	void poll() {
		if (this.open.isEmpty()) {
			return;
		}
		this.open.forEach(Stream::endIfRevoked);
		Map<UUID, Integer> last = this.journal
			.lastSequences(this.open.stream().map((stream) -> stream.orderId).collect(Collectors.toSet()));
		this.open.stream().filter((stream) -> stream.last < last.getOrDefault(stream.orderId, 0)).forEach(Stream::wake);
	}

	/** Ends all streams, so that a graceful shutdown does not wait for them. */
	@EventListener(ContextClosedEvent.class)
	void close() {
		this.closed = true;
		this.open.forEach(Stream::end);
	}

	private void closed(Stream stream) {
		this.open.remove(stream);
		this.permits.release();
	}

	private final class Stream {

		private final UUID userId;

		private final UUID orderId;

		private final long generation;

		private final SseEmitter emitter = new SseEmitter(0L);

		private final Semaphore wakeUps = new Semaphore(0);

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

		/** Ends the stream if the tokens of its user were revoked since it was opened. */
		void endIfRevoked() {
			if (generation() > this.generation) {
				end();
			}
		}

		void start() {
			this.emitter.onCompletion(this::end);
			Thread.ofVirtual().name("order-events").start(this::run);
		}

		void wake() {
			this.wakeUps.release();
		}

		void end() {
			this.ended = true;
			wake();
		}

		private void run() {
			try {
				long end = System.nanoTime() + SagaStreams.this.properties.longest().toNanos();
				boolean more = true;
				// Sends the headers now: clients give up on an answer that does not
				// begin.
				heartbeat();
				while (more && !this.ended && System.nanoTime() - end < 0) {
					more = sendSteps();
					if (more && !this.wakeUps.tryAcquire(SagaStreams.this.properties.heartbeat().toMillis(),
							TimeUnit.MILLISECONDS)) {
						heartbeat();
					}
					this.wakeUps.drainPermits();
				}
				this.emitter.complete();
			}
			catch (IOException | IllegalStateException ex) {
				logger.debug("The client of a stream has gone: {}", ex.toString());
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
			}
			catch (RuntimeException ex) {
				logger.warn("The stream of order {} ended with an error, its client can resume it: {}", this.orderId,
						ex.toString());
				this.emitter.complete();
			}
			finally {
				closed(this);
			}
		}

		private void heartbeat() throws IOException {
			this.emitter.send(SseEmitter.event().comment("heartbeat"));
		}

		/**
		 * Sends the steps that the client does not have yet.
		 * @return whether more steps can follow
		 */
		private boolean sendSteps() throws IOException {
			// Includes the last step that it has, which says whether the saga has ended.
			List<SagaStep> steps = SagaStreams.this.journal.read(this.orderId, Math.max(this.last, 1), STEPS);
			if (steps.isEmpty() && this.last > 0) {
				// The id that the client sent is larger than that of any step: start
				// anew.
				this.last = 0;
				return sendSteps();
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
				return sendSteps();
			}
			return steps.isEmpty() || !steps.getLast().state().status().isTerminal();
		}

	}

}
