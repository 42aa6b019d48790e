package dev.sagamart.local;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The parts of the platform, in the order in which they start. */
public enum PartName {

	POSTGRES(15432), KAFKA(19092), REDIS(16379), PAYMENT_SIMULATOR(18090),
	// The 20 MB of the hash of a password live through young collections: they must fit
	// into a survivor space, or they fill the old generation.
	USER_SERVICE(8081, "users", "-Xmx168m -Xmn72m -XX:SurvivorRatio=1"), PRODUCT_SERVICE(8082, "products", "-Xmx144m"),
	PAYMENT_SERVICE(8084, "payments", "-Xmx136m"), ORDER_SERVICE(8083, "orders", "-Xmx168m"),
	API_GATEWAY(8080, "gateway", "-Xmx112m");

	/** The five services. */
	public static final List<PartName> SERVICES = Arrays.stream(values()).filter(PartName::isService).toList();

	private final int port;

	private final @Nullable String schema;

	private final String heap;

	PartName(int port) {
		this.port = port;
		this.schema = null;
		this.heap = "";
	}

	PartName(int port, String schema, String heap) {
		this.port = port;
		this.schema = schema;
		this.heap = heap;
	}

	/** As in the log and pid files: {@code order-service}. */
	public String text() {
		return name().toLowerCase(Locale.ROOT).replace('_', '-');
	}

	public boolean isService() {
		return this.schema != null;
	}

	/** The database schema of a service, which is also its role. */
	String schema() {
		if (this.schema == null) {
			throw new IllegalArgumentException(text() + " has no schema");
		}
		return this.schema;
	}

	/** Where it listens unless told otherwise. */
	int defaultPort() {
		return this.port;
	}

	/** The options of a service's JVM that say how large the heap and its parts get. */
	List<String> heapOptions() {
		return List.of(this.heap.split(" ", -1));
	}

	/** The key of its management port, for services. */
	String management() {
		return text() + "-management";
	}

	/** The address in the environment of the others: {@code ORDER_SERVICE_URL}. */
	String urlVariable() {
		return name() + "_URL";
	}

}
