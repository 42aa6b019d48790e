package dev.sagamart.local;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The name of a part of the platform, as in the log and pid files: {@code api-gateway}.
 */
public record PartName(String text) {

	public static final PartName POSTGRES = new PartName("postgres");

	public static final PartName KAFKA = new PartName("kafka");

	public static final PartName REDIS = new PartName("redis");

	/** The service that clients talk to. */
	public static final PartName EDGE = new PartName(Declaration.current().edge());

	public static final List<PartName> SERVICES = named(Declaration.current().services().keySet().stream());

	static final List<PartName> STAND_INS = named(Declaration.current().standIns().keySet().stream());

	/** All parts; each part comes after those that it needs. */
	public static final List<PartName> ALL = Stream.of(List.of(POSTGRES, KAFKA, REDIS), STAND_INS, SERVICES)
		.flatMap(List::stream)
		.toList();

	private static List<PartName> named(Stream<String> names) {
		return names.map(PartName::new).toList();
	}

	/**
	 * Parses names that are separated by commas.
	 * @throws PartFailedException if there is no such part
	 */
	static List<PartName> parseList(String names) {
		List<PartName> parts = named(Stream.of(names.split(",", -1)).map(String::strip));
		for (PartName part : parts) {
			if (!ALL.contains(part)) {
				throw new PartFailedException("There is no part called " + part.text() + "; there are "
						+ ALL.stream().map(PartName::text).collect(Collectors.joining(", ")));
			}
		}
		return parts;
	}

	public boolean isService() {
		return SERVICES.contains(this);
	}

	/** The key of its management port, for services. */
	String management() {
		return this.text + "-management";
	}

	@Override
	public String toString() {
		return this.text;
	}

}
