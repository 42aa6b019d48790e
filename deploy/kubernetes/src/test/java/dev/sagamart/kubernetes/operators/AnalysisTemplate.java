package dev.sagamart.kubernetes.operators;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import java.util.List;

/** Argo Rollouts: an analysis of a new version. */
public record AnalysisTemplate(@JsonProperty(required = true) String apiVersion,
		@JsonProperty(required = true) String kind, @JsonProperty(required = true) ObjectMeta metadata,
		@JsonProperty(required = true) Spec spec) {

	record Spec(List<Argument> args, @JsonProperty(required = true) List<Metric> metrics) {
	}

	record Argument(@JsonProperty(required = true) String name, String value) {
	}

	record Metric(@JsonProperty(required = true) String name, String initialDelay, String interval, Integer count,
			Integer failureLimit, Integer inconclusiveLimit, Integer consecutiveErrorLimit, String successCondition,
			@JsonProperty(required = true) Provider provider) {
	}

	record Provider(@JsonProperty(required = true) Prometheus prometheus) {
	}

	record Prometheus(@JsonProperty(required = true) String address, @JsonProperty(required = true) String query) {
	}

}
