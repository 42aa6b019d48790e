package dev.sagamart.samples.sample;

import com.fasterxml.uuid.Generators;
import com.fasterxml.uuid.impl.TimeBasedEpochGenerator;
import dev.sagamart.platform.messaging.MessageContext;
import dev.sagamart.platform.messaging.outbox.Outbox;
import dev.sagamart.platform.messaging.outbox.Outgoing;
import dev.sagamart.platform.web.IdempotentRequests;
import dev.sagamart.samples.sample.SampleEvent.SampleRemoved;
import dev.sagamart.samples.sample.SampleEvent.SampleWritten;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Predicate;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/** Writes, changes and removes samples, and publishes that as events. */
@Service
public class SampleEditor {

	private static final TimeBasedEpochGenerator IDS = Generators.timeBasedEpochGenerator();

	private final Samples samples;

	private final Outbox outbox;

	private final IdempotentRequests idempotentRequests;

	private final Clock clock;

	SampleEditor(Samples samples, Outbox outbox, IdempotentRequests idempotentRequests, Clock clock) {
		this.samples = samples;
		this.outbox = outbox;
		this.idempotentRequests = idempotentRequests;
		this.clock = clock;
	}

	@Transactional
	public Sample write(UUID ownerId, String text) {
		Sample sample = this.samples
			.save(new Sample(IDS.generate(), ownerId, text, this.clock.instant().truncatedTo(ChronoUnit.MICROS)));
		this.outbox.append(new SampleWritten(sample.id(), ownerId, text));
		return sample;
	}

	/**
	 * Changes the text of a sample.
	 * @return the changed sample; empty if there is none, or it is not allowed
	 */
	@Transactional
	public Optional<Sample> rewrite(UUID id, Predicate<Sample> allowed, String text) {
		Optional<Sample> found = this.samples.lock(id).filter(allowed);
		found.ifPresent((sample) -> {
			sample.rewrite(text);
			this.outbox.append(new SampleWritten(id, sample.ownerId(), text));
		});
		return found;
	}

	/** Returns false if there is no such sample, or it is not allowed. */
	@Transactional
	public boolean remove(UUID id, Predicate<Sample> allowed) {
		List<Sample> found = this.samples.lock(id).filter(allowed).stream().toList();
		remove(found);
		return !found.isEmpty();
	}

	/** Removes all data of erased users. */
	@Transactional
	public void forget(Collection<UUID> userIds) {
		remove(this.samples.lockOf(userIds));
		userIds.forEach(this.idempotentRequests::forget);
	}

	private void remove(List<Sample> gone) {
		this.samples.deleteAll(gone);
		this.outbox.appendAll(gone.stream()
			.map((sample) -> new Outgoing(new SampleRemoved(sample.id(), sample.ownerId()), MessageContext.current()))
			.toList());
	}

}
