package dev.sagamart.local;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The ports of a platform by name. The name is that of the part ({@code postgres},
 * {@code api-gateway}); services also have {@code NAME-management}, and gRPC servers
 * {@code NAME-grpc}.
 */
public record PlatformPorts(Map<String, Integer> all) {

	private static final int LAST = 65_535;

	public PlatformPorts {
		all = Collections.unmodifiableMap(new LinkedHashMap<>(all));
	}

	/** The documented default ports. */
	public static PlatformPorts defaults() {
		Map<String, Integer> ports = new LinkedHashMap<>();
		ports.put(PartName.POSTGRES.text(), 15432);
		ports.put(PartName.KAFKA.text(), 19092);
		ports.put(PartName.REDIS.text(), 16379);
		Declaration.current().standIns().forEach((name, standIn) -> ports.put(name, standIn.port()));
		Declaration.current().services().forEach((name, service) -> {
			ports.put(name, service.port());
			ports.put(new PartName(name).management(), service.managementPort());
			if (service.grpc() != null) {
				ports.put(grpc(name), service.grpc());
			}
		});
		return new PlatformPorts(ports);
	}

	/** Free ports, so that several platforms can run at the same time. */
	public static PlatformPorts random() {
		Map<String, Integer> ports = new LinkedHashMap<>(defaults().all);
		ports.replaceAll((name, port) -> Ports.free());
		return new PlatformPorts(ports);
	}

	/**
	 * Returns a copy with one port changed.
	 * @throws PartFailedException if the name or number is invalid
	 */
	public PlatformPorts with(String name, int port) {
		if (!this.all.containsKey(name)) {
			throw new PartFailedException(
					"There is no port called " + name + "; there are " + String.join(", ", this.all.keySet()));
		}
		if (port < 1 || port > LAST) {
			throw new PartFailedException("The port of " + name + " must be from 1 to " + LAST + ", not " + port);
		}
		Map<String, Integer> changed = new LinkedHashMap<>(this.all);
		changed.put(name, port);
		return new PlatformPorts(changed);
	}

	/** Returns a copy with ports from variables like {@code SAGAMART_PORT_REDIS}. */
	public PlatformPorts with(Map<String, String> environment) {
		PlatformPorts changed = this;
		for (String name : this.all.keySet()) {
			String variable = "SAGAMART_PORT_" + Declaration.variable(name);
			String value = environment.get(variable);
			if (value != null && !value.isBlank()) {
				changed = changed.with(name, parse(variable, value));
			}
		}
		return changed;
	}

	public static String grpc(String service) {
		return service + "-grpc";
	}

	public int of(PartName part) {
		return of(part.text());
	}

	public int of(String name) {
		Integer port = this.all.get(name);
		if (port == null) {
			throw new IllegalArgumentException("There is no port called " + name);
		}
		return port;
	}

	/**
	 * Checks the ports of these parts.
	 * @throws PartFailedException if several parts have the same port, or a port is in
	 * use
	 */
	void check(List<PartName> parts) {
		List<String> problems = new ArrayList<>(duplicates());
		this.all.entrySet().stream().sorted(Map.Entry.comparingByValue()).forEach((port) -> {
			String problem = parts.stream().anyMatch((part) -> isOf(part, port.getKey()))
					? PortOwner.problem(port.getValue()) : null;
			if (problem != null) {
				problems.add("Port " + port.getValue() + " (" + port.getKey() + ") " + problem);
			}
		});
		if (!problems.isEmpty()) {
			throw new PartFailedException(String.join("\n", problems)
					+ "\nChoose another port, for example ./run-local --port api-gateway=18080 (see --help)");
		}
	}

	private static boolean isOf(PartName part, String name) {
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

	/** Describes each port that several parts have. */
	private List<String> duplicates() {
		Map<Integer, List<String>> names = new TreeMap<>();
		this.all.forEach((name, port) -> names.computeIfAbsent(port, (key) -> new ArrayList<>()).add(name));
		return names.entrySet()
			.stream()
			.filter((port) -> port.getValue().size() > 1)
			.map((port) -> "Port " + port.getKey() + " is assigned to " + String.join(" and ", port.getValue()))
			.toList();
	}

}
