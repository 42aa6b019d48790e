package dev.sagamart.kubernetes.operators;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.fabric8.kubernetes.api.model.ObjectMeta;

/** External Secrets: a store of secrets. */
public record SecretStore(@JsonProperty(required = true) String apiVersion, @JsonProperty(required = true) String kind,
		@JsonProperty(required = true) ObjectMeta metadata, @JsonProperty(required = true) Spec spec) {

	record Spec(@JsonProperty(required = true) Provider provider) {
	}

	record Provider(@JsonProperty(required = true) Vault vault) {
	}

	record Vault(@JsonProperty(required = true) String server, String path, Version version,
			@JsonProperty(required = true) Auth auth) {
	}

	enum Version {

		v1, v2

	}

	record Auth(@JsonProperty(required = true) KubernetesAuth kubernetes) {
	}

	record KubernetesAuth(@JsonProperty(required = true) String mountPath, @JsonProperty(required = true) String role,
			Account serviceAccountRef) {
	}

	record Account(@JsonProperty(required = true) String name) {
	}

}
