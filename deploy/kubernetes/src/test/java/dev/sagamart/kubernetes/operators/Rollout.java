package dev.sagamart.kubernetes.operators;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.fabric8.kubernetes.api.model.LabelSelector;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import java.util.List;

/** Argo Rollouts: replaces the pods of a Deployment step by step, or as a whole. */
public record Rollout(@JsonProperty(required = true) String apiVersion, @JsonProperty(required = true) String kind,
		@JsonProperty(required = true) ObjectMeta metadata, @JsonProperty(required = true) Spec spec) {

	record Spec(Integer replicas, Integer revisionHistoryLimit, Integer progressDeadlineSeconds,
			Boolean progressDeadlineAbort, @JsonProperty(required = true) LabelSelector selector,
			@JsonProperty(required = true) WorkloadRef workloadRef, @JsonProperty(required = true) Strategy strategy) {
	}

	record WorkloadRef(@JsonProperty(required = true) String apiVersion, @JsonProperty(required = true) String kind,
			@JsonProperty(required = true) String name, ScaleDown scaleDown) {
	}

	enum ScaleDown {

		never, onsuccess, progressively

	}

	record Strategy(Canary canary, BlueGreen blueGreen) {
	}

	record Canary(Integer maxSurge, Integer maxUnavailable, BackgroundAnalysis analysis,
			@JsonProperty(required = true) List<Step> steps) {
	}

	record BackgroundAnalysis(Integer startingStep, @JsonProperty(required = true) List<Template> templates,
			List<Argument> args) {
	}

	record Step(Integer setWeight, Pause pause) {
	}

	record Pause(@JsonProperty(required = true) String duration) {
	}

	record BlueGreen(@JsonProperty(required = true) String activeService,
			@JsonProperty(required = true) String previewService, Boolean autoPromotionEnabled,
			Integer scaleDownDelaySeconds, Analysis prePromotionAnalysis, Analysis postPromotionAnalysis) {
	}

	record Analysis(@JsonProperty(required = true) List<Template> templates, List<Argument> args) {
	}

	record Template(@JsonProperty(required = true) String templateName) {
	}

	record Argument(@JsonProperty(required = true) String name, String value, Source valueFrom) {
	}

	record Source(@JsonProperty(required = true) PodTemplateHash podTemplateHashValue) {
	}

	enum PodTemplateHash {

		Stable, Latest

	}

}
