package dev.sagamart.kubernetes.operators;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import java.util.Map;

/** CloudNativePG: the schedule of base backups. */
public record ScheduledBackup(@JsonProperty(required = true) String apiVersion,
		@JsonProperty(required = true) String kind, @JsonProperty(required = true) ObjectMeta metadata,
		@JsonProperty(required = true) Spec spec) {

	record Spec(@JsonProperty(required = true) Name cluster, @JsonProperty(required = true) String schedule,
			Boolean immediate, Owner backupOwnerReference, Method method, Plugin pluginConfiguration) {
	}

	record Name(@JsonProperty(required = true) String name) {
	}

	enum Owner {

		none, self, cluster

	}

	enum Method {

		barmanObjectStore, volumeSnapshot, plugin

	}

	record Plugin(@JsonProperty(required = true) String name, Map<String, String> parameters) {
	}

}
