package dev.sagamart.e2e.client;

import java.time.Instant;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** A step, attempt or compensation in the timeline of an order. */
public record TimelineEntry(int sequence, Instant at, String service, String type, String state, JsonNode detail,
		@Nullable String traceId) {
}
