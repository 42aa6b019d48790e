package dev.sagamart.local;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * The ports of a platform, by name: that of the part ({@code postgres},
 * {@code api-gateway}), for the services also {@code api-gateway-management}, and for
 * those with gRPC {@code NAME-grpc}.
 */
public final class PlatformPorts {

	private static final int LAST = 65_535;

	private final Map<String, Integer> ports;

	private PlatformPorts(Map<String, Integer> ports) {
		this.ports = ports;
	}

	/** The ports that the documentation names. */
	public static PlatformPorts defaults() {
		Map<String, Integer> ports = new LinkedHashMap<>();
		ports.put(PartName.POSTGRES.text(), 15432);
		ports.put(PartName.KAFKA.text(), 19092);
		ports.put(PartName.REDIS.text(), 16379);
		Declaration.ours().standIns().forEach((name, standIn) -> ports.put(name, standIn.port()));
		Declaration.ours().services().forEach((name, service) -> {
			ports.put(name, service.port());
			ports.put(new PartName(name).management(), service.managementPort());
			if (service.grpc() != null) {
				ports.put(grpc(name), service.grpc());
			}
		});
		return new PlatformPorts(ports);
	}

	/** Ports that are free at this moment, so that platforms can run side by side. */
	public static PlatformPorts random() {
		PlatformPorts random = defaults();
		random.ports.replaceAll((name, port) -> Ports.free());
		return random;
	}

	/**
	 * The same with one port changed.
	 * @throws PartFailedException if there is no such port
	 */
	public PlatformPorts with(String name, int port) {
		if (!this.ports.containsKey(name)) {
			throw new PartFailedException("There is no port called " + name + "; there are " + names());
		}
		if (port < 1 || port > LAST) {
			throw new PartFailedException("The port of " + name + " must be from 1 to " + LAST + ", not " + port);
		}
		Map<String, Integer> changed = new LinkedHashMap<>(this.ports);
		changed.put(name, port);
		return new PlatformPorts(changed);
	}

	/** The same with what the environment says: {@code SAGAMART_PORT_API_GATEWAY}. */
	public PlatformPorts with(Map<String, String> environment) {
		PlatformPorts changed = this;
		for (String name : this.ports.keySet()) {
			String variable = "SAGAMART_PORT_" + name.toUpperCase(Locale.ROOT).replace('-', '_');
			String value = environment.get(variable);
			if (value != null && !value.isBlank()) {
				changed = changed.with(name, parse(variable, value));
			}
		}
		return changed;
	}

	/** The name of a service's gRPC port. */
	public static String grpc(String service) {
		return service + "-grpc";
	}

	public int of(PartName part) {
		return of(part.text());
	}

	/** The port of a name as above. */
	public int of(String name) {
		Integer port = this.ports.get(name);
		if (port == null) {
			throw new IllegalArgumentException("There is no port called " + name);
		}
		return port;
	}

	/** All of them by name. */
	public Map<String, Integer> all() {
		return Map.copyOf(this.ports);
	}

	/** Whether a name as above is that of a port of the part. */
	static boolean isOf(PartName part, String name) {
		return name.equals(part.text()) || name.equals(part.management()) || name.equals(grpc(part.text()));
	}

	static int parse(String what, String value) {
		try {
			return Integer.parseInt(value.strip());
		}
		catch (NumberFormatException ex) {
			throw new PartFailedException(what + " must be a number from 1 to " + LAST + ", not " + value, ex);
		}
	}

	/** Ports that several parts were given, each with the names of those, in words. */
	List<String> givenTwice() {
		Map<Integer, List<String>> names = new TreeMap<>();
		this.ports.forEach((name, port) -> names.computeIfAbsent(port, (key) -> new ArrayList<>()).add(name));
		return names.entrySet()
			.stream()
			.filter((port) -> port.getValue().size() > 1)
			.map((port) -> "Port " + port.getKey() + " is given to " + String.join(" and ", port.getValue()))
			.toList();
	}

	private String names() {
		return String.join(", ", this.ports.keySet());
	}

}
