package dev.sagamart.platform.messaging.outbox;

import dev.sagamart.platform.messages.Message;
import java.util.Set;

/**
 * Declares, as a bean, which messages a service sends. Missing topics are created, and
 * the {@link Outbox} accepts no other messages.
 *
 * @param families sealed interfaces of records, or single records
 */
public record Publication(Set<Class<? extends Message>> families) {

	public Publication {
		families = Set.copyOf(families);
	}

}
