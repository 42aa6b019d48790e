package dev.sagamart.e2e.attack;

import dev.sagamart.e2e.Parts;
import dev.sagamart.local.PartName;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An attack and its expected refusal.
 *
 * @param calls the requests; each one is the whole attack
 * @param refusal the expected response to each request
 * @param atGateway the expected response of the gateway, if it differs from the service's
 * @param script an attack in several steps with its own assertions
 */
record Attack(String name, List<Call> calls, Refusal refusal, @Nullable Refusal atGateway, @Nullable Script script) {

	Attack {
		calls = List.copyOf(calls);
	}

	/**
	 * A request of an attack.
	 *
	 * @param entryPoint the part that gets the request: the gateway, or a service
	 * directly
	 * @param from the client address, or null for the default
	 */
	record Call(PartName entryPoint, Request request, @Nullable String from) {
	}

	/** The expected status and code of a response. */
	record Refusal(int status, String code) {
	}

	/** The steps and assertions of an attack. */
	@FunctionalInterface
	interface Script {

		void run() throws Exception;

	}

	static Attack attack(String name) {
		return new Attack(name, List.of(), new Refusal(-1, ""), null, null);
	}

	/** An attack in several steps with its own assertions. */
	static Attack attack(String name, Script script) {
		return new Attack(name, List.of(), new Refusal(-1, ""), null, script);
	}

	/** Sends the request through the gateway and directly to the service. */
	Attack send(PartName service, Request request) {
		return throughGateway(request).direct(service, request);
	}

	Attack throughGateway(Request request) {
		return direct(Parts.API_GATEWAY, request);
	}

	Attack direct(PartName part, Request request) {
		List<Call> more = new ArrayList<>(this.calls);
		more.add(new Call(part, request, null));
		return new Attack(this.name, more, this.refusal, this.atGateway, this.script);
	}

	/** Sends all requests from this address. */
	Attack from(String address) {
		List<Call> others = this.calls.stream()
			.map((call) -> new Call(call.entryPoint(), call.request(), address))
			.toList();
		return new Attack(this.name, others, this.refusal, this.atGateway, this.script);
	}

	Attack refused(int status, String code) {
		return new Attack(this.name, this.calls, new Refusal(status, code), this.atGateway, this.script);
	}

	/** Expects another response of the gateway, which does not forward the request. */
	Attack refusedByGateway(int status, String code) {
		return new Attack(this.name, this.calls, this.refusal, new Refusal(status, code), this.script);
	}

	Refusal refusalAt(PartName entryPoint) {
		return (entryPoint.equals(Parts.API_GATEWAY) && this.atGateway != null) ? this.atGateway : this.refusal;
	}

}
