package dev.sagamart.kubernetes.operators;

import com.fasterxml.jackson.annotation.JsonProperty;

/** A reference to another resource with its version. */
public record Target(@JsonProperty(required = true) String apiVersion, @JsonProperty(required = true) String kind,
		@JsonProperty(required = true) String name) {
}
