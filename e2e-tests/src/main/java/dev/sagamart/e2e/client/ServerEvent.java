package dev.sagamart.e2e.client;

import tools.jackson.databind.JsonNode;

/** One event of a {@code text/event-stream}. */
public record ServerEvent(String id, String event, JsonNode data) {
}
