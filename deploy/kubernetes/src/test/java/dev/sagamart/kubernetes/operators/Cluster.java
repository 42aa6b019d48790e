package dev.sagamart.kubernetes.operators;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import io.fabric8.kubernetes.api.model.TopologySpreadConstraint;
import java.util.List;
import java.util.Map;

/** CloudNativePG: a PostgreSQL cluster. */
public record Cluster(@JsonProperty(required = true) String apiVersion, @JsonProperty(required = true) String kind,
		@JsonProperty(required = true) ObjectMeta metadata, @JsonProperty(required = true) Spec spec) {

	record Spec(@JsonProperty(required = true) Integer instances, String imageName, List<Name> imagePullSecrets,
			PrimaryUpdateStrategy primaryUpdateStrategy, PrimaryUpdateMethod primaryUpdateMethod,
			Boolean enableSuperuserAccess, InheritedMetadata inheritedMetadata, Bootstrap bootstrap, Managed managed,
			Postgresql postgresql, Affinity affinity, List<TopologySpreadConstraint> topologySpreadConstraints,
			ResourceRequirements resources, Storage storage, Storage walStorage, List<Plugin> plugins) {
	}

	enum PrimaryUpdateStrategy {

		unsupervised, supervised

	}

	enum PrimaryUpdateMethod {

		switchover, restart

	}

	record InheritedMetadata(Map<String, String> labels, Map<String, String> annotations) {
	}

	record Bootstrap(@JsonProperty(required = true) InitDb initdb) {
	}

	record InitDb(@JsonProperty(required = true) String database, @JsonProperty(required = true) String owner,
			SqlRefs postInitApplicationSQLRefs) {
	}

	record SqlRefs(@JsonProperty(required = true) List<KeyRef> configMapRefs) {
	}

	record KeyRef(@JsonProperty(required = true) String name, @JsonProperty(required = true) String key) {
	}

	record Managed(@JsonProperty(required = true) List<Role> roles) {
	}

	record Role(@JsonProperty(required = true) String name, Ensure ensure, Boolean login, Boolean inherit,
			@JsonProperty(required = true) Name passwordSecret) {
	}

	enum Ensure {

		present, absent

	}

	record Name(@JsonProperty(required = true) String name) {
	}

	record Postgresql(Map<String, String> parameters, Synchronous synchronous) {
	}

	record Synchronous(@JsonProperty(required = true) Method method, @JsonProperty(required = true) Integer number) {
	}

	enum Method {

		any, first

	}

	record Affinity(Boolean enablePodAntiAffinity, String podAntiAffinityType, String topologyKey) {
	}

	record Storage(@JsonProperty(required = true) String size) {
	}

	record Plugin(@JsonProperty(required = true) String name, Boolean isWALArchiver, Map<String, String> parameters) {
	}

}
