package dev.sagamart.kubernetes.operators;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import java.util.List;
import java.util.Map;

/** External Secrets: a secret that is copied from a store. */
public record ExternalSecret(@JsonProperty(required = true) String apiVersion,
		@JsonProperty(required = true) String kind, @JsonProperty(required = true) ObjectMeta metadata,
		@JsonProperty(required = true) Spec spec) {

	record Spec(String refreshInterval, @JsonProperty(required = true) StoreRef secretStoreRef,
			@JsonProperty(required = true) Target target, @JsonProperty(required = true) List<Data> data) {
	}

	record StoreRef(@JsonProperty(required = true) StoreKind kind, @JsonProperty(required = true) String name) {
	}

	enum StoreKind {

		SecretStore, ClusterSecretStore

	}

	record Target(@JsonProperty(required = true) String name, Template template) {
	}

	record Template(String type, Metadata metadata, Map<String, String> data) {
	}

	record Metadata(Map<String, String> labels, Map<String, String> annotations) {
	}

	record Data(@JsonProperty(required = true) String secretKey, @JsonProperty(required = true) RemoteRef remoteRef) {
	}

	record RemoteRef(@JsonProperty(required = true) String key, String property) {
	}

}
