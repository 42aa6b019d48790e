package dev.sagamart.kubernetes;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** A rule for every variant. */
enum Rule {

	/** Kubernetes or the operator knows every field, and the types are correct. */
	MODELS(Models::check),

	/** There are no duplicates. */
	DUPLICATES(WorkloadRules::duplicates),

	/** References lead to existing resources. */
	REFERENCES(ReferenceRules::references),

	/**
	 * Every used secret is created with the needed keys, and every created one is used.
	 */
	SECRETS(ReferenceRules::secrets),

	/** No secret is in plain text. */
	CLEAR_SECRETS(ReferenceRules::clearSecrets),

	/** Every selector matches a pod. */
	SELECTORS(ReferenceRules::selectors),

	/** All ports, from the route to the container, are those that programs listen on. */
	PORTS(ReferenceRules::ports),

	/** HAProxy gets full host names. */
	NAMES(NameRules::check),

	/** Images have a fixed version. */
	IMAGES(WorkloadRules::images),

	/** Images can be pulled from a registry that requires a login. */
	PULL_SECRETS(OperatorRules::pullSecrets),

	/** Every container has requests and limits for CPU, memory and disk. */
	LIMITS(WorkloadRules::limits),

	/** Every container has startup, liveness and readiness probes. */
	PROBES(WorkloadRules::probes),

	/**
	 * Pods have only the rights of Pod Security "restricted", and no service account
	 * token.
	 */
	RIGHTS(WorkloadRules::rights),

	/** The grace period of a pod is long enough for its program. */
	SHUTDOWN(WorkloadRules::shutdown),

	/** Replicated workloads have a disruption budget and are spread. */
	DISRUPTION(WorkloadRules::disruption),

	/** Only one setting decides the number of instances. */
	SCALING(ScalingRules::check),

	/** Manifests contain no fields that controllers write. */
	OWNERS(OperatorRules::owners),

	/** Dependencies of pods can be applied before them. */
	ORDER(OperatorRules::order),

	/** Prometheus selects all monitors and rules. */
	MONITORS(OperatorRules::monitors),

	/** Programs get all variables that they need, and no others. */
	ENVIRONMENT(EnvironmentRules::check),

	/** Network policies allow exactly the flows of flows.yaml, at both ends. */
	FLOWS(FlowRules::networkPolicies),

	/** The mesh's authorization policies allow exactly the flows of flows.yaml. */
	MESH(FlowRules::mesh),

	/** Topics and Kafka users match the code of the services. */
	MESSAGING(MessagingRules::check);

	private final Check check;

	Rule(Check check) {
		this.check = check;
	}

	/** The violations, one sentence each. */
	List<String> findings(Manifests manifests) {
		List<String> findings = new ArrayList<>();
		this.check.check(manifests, findings::add);
		return findings.stream().distinct().toList();
	}

	interface Check {

		void check(Manifests manifests, Consumer<String> findings);

	}

}
