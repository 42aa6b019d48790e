package dev.sagamart.e2e.attack;

import dev.sagamart.e2e.Parts;
import dev.sagamart.local.PartName;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One attack: what is sent where, and how it is refused.
 *
 * @param ways the requests of which each is the attack by itself
 * @param refusal the answer to each
 * @param atGateway the answer of the gateway, where it is another one than the service's
 * @param script an attack that takes several steps, and checks what comes of them
 */
record Attack(String name, List<Way> ways, Refusal refusal, @Nullable Refusal atGateway, @Nullable Script script) {

	Attack {
		ways = List.copyOf(ways);
	}

	/**
	 * A way to make the attack.
	 *
	 * @param door the part that gets the request: the gateway, or a service past it
	 * @param from the address to come from, or null for the usual one
	 */
	record Way(PartName door, Request request, @Nullable String from) {
	}

	/** The exact status and code of an answer; an empty code is not looked at. */
	record Refusal(int status, String code) {
	}

	/** What to do, and to assert. */
	@FunctionalInterface
	interface Script {

		void run() throws Exception;

	}

	static Attack attack(String name) {
		return new Attack(name, List.of(), new Refusal(-1, ""), null, null);
	}

	/** An attack whose own assertions say what may come of it. */
	static Attack attack(String name, Script script) {
		return new Attack(name, List.of(), new Refusal(-1, ""), null, script);
	}

	/** Through the gateway, and straight at the service that it leads to. */
	Attack send(PartName service, Request request) {
		return throughGateway(request).straight(service, request);
	}

	Attack throughGateway(Request request) {
		return straight(Parts.API_GATEWAY, request);
	}

	Attack straight(PartName part, Request request) {
		List<Way> more = new ArrayList<>(this.ways);
		more.add(new Way(part, request, null));
		return new Attack(this.name, more, this.refusal, this.atGateway, this.script);
	}

	/** Each way from an address. */
	Attack from(String address) {
		List<Way> others = this.ways.stream().map((way) -> new Way(way.door(), way.request(), address)).toList();
		return new Attack(this.name, others, this.refusal, this.atGateway, this.script);
	}

	Attack refused(int status, String code) {
		return new Attack(this.name, this.ways, new Refusal(status, code), this.atGateway, this.script);
	}

	/** Refused in other words by the gateway, which did not let it through. */
	Attack butAtGateway(int status, String code) {
		return new Attack(this.name, this.ways, this.refusal, new Refusal(status, code), this.script);
	}

	Refusal refusalAt(PartName door) {
		return (door.equals(Parts.API_GATEWAY) && this.atGateway != null) ? this.atGateway : this.refusal;
	}

}
