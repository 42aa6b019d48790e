package dev.sagamart.kubernetes;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Something that has to hold in every variant. */
enum Rule {

	/** Every field is one that Kubernetes or the operator knows, and of its type. */
	MODELS(Models::check),

	/** Nothing is there twice. */
	DUPLICATES(WorkloadRules::duplicates),

	/** What is named is there. */
	REFERENCES(ReferenceRules::references),

	/**
	 * Every secret is made by something, has the keys that are asked for, and is used.
	 */
	SECRETS(ReferenceRules::secrets),

	/** No secret is written down. */
	CLEAR_SECRETS(ReferenceRules::clearSecrets),

	/** What selects pods selects some. */
	SELECTORS(ReferenceRules::selectors),

	/** Ports are the ones that programs listen on, from the route to the container. */
	PORTS(ReferenceRules::ports),

	/** HAProxy is told full names. */
	NAMES(NameRules::check),

	/** Images are of a fixed version. */
	IMAGES(WorkloadRules::images),

	/** Images can be pulled from a registry that asks for a login. */
	PULL_SECRETS(OperatorRules::pullSecrets),

	/** Every container has requests and limits of processor, memory and disk. */
	LIMITS(WorkloadRules::limits),

	/** Every container is asked whether it has started, lives, and can serve. */
	PROBES(WorkloadRules::probes),

	/**
	 * Pods have no more rights than Pod Security "restricted" gives, and no account's
	 * token.
	 */
	RIGHTS(WorkloadRules::rights),

	/** A pod is given the time that its program takes to end. */
	SHUTDOWN(WorkloadRules::shutdown),

	/** What has several instances keeps some through drains, and spreads them. */
	DISRUPTION(WorkloadRules::disruption),

	/** One thing alone decides how many instances there are. */
	SCALING(ScalingRules::check),

	/** No field is written by a manifest and by a controller. */
	OWNERS(OperatorRules::owners),

	/** What pods wait for can be applied before them. */
	ORDER(OperatorRules::order),

	/** Prometheus finds what it is to read. */
	MONITORS(OperatorRules::monitors),

	/** Programs get the variables that they need, and none that they do not read. */
	ENVIRONMENT(EnvironmentRules::check),

	/** Network policies allow the flows of flows.yaml, at both ends, and no others. */
	FLOWS(FlowRules::networkPolicies),

	/** So do the mesh's authorization policies. */
	MESH(FlowRules::mesh),

	/** Topics and Kafka users are those that the services' code asks for. */
	MESSAGING(MessagingRules::check);

	private final Check check;

	Rule(Check check) {
		this.check = check;
	}

	/** What is wrong, one sentence each. */
	List<String> findings(Manifests manifests) {
		List<String> findings = new ArrayList<>();
		this.check.check(manifests, findings::add);
		return findings.stream().distinct().toList();
	}

	interface Check {

		void check(Manifests manifests, Consumer<String> findings);

	}

}
