package dev.sagamart.kubernetes.operators;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscalerBehavior;
import java.util.List;
import java.util.Map;

/** KEDA: scales a workload by the metrics of its triggers. */
public record ScaledObject(@JsonProperty(required = true) String apiVersion, @JsonProperty(required = true) String kind,
		@JsonProperty(required = true) ObjectMeta metadata, @JsonProperty(required = true) Spec spec) {

	record Spec(@JsonProperty(required = true) Target scaleTargetRef, Integer minReplicaCount, Integer maxReplicaCount,
			Integer pollingInterval, Fallback fallback, Advanced advanced,
			@JsonProperty(required = true) List<Trigger> triggers) {
	}

	record Fallback(@JsonProperty(required = true) Integer failureThreshold,
			@JsonProperty(required = true) Integer replicas) {
	}

	record Advanced(HorizontalPodAutoscalerConfig horizontalPodAutoscalerConfig) {
	}

	record HorizontalPodAutoscalerConfig(HorizontalPodAutoscalerBehavior behavior) {
	}

	record Trigger(@JsonProperty(required = true) Type type, String name, MetricType metricType,
			@JsonProperty(required = true) Map<String, String> metadata) {
	}

	enum Type {

		cpu, memory, prometheus

	}

	enum MetricType {

		AverageValue, Value, Utilization

	}

}
