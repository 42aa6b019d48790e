package dev.sagamart.local;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The parts of the platform, in the order in which they start. */
public enum PartName {

	POSTGRES(15432), KAFKA(19092), REDIS(16379), PAYMENT_SIMULATOR(18090), USER_SERVICE(8081, "users", 208),
	PRODUCT_SERVICE(8082, "products", 224), PAYMENT_SERVICE(8084, "payments", 208), ORDER_SERVICE(8083, "orders", 256),
	API_GATEWAY(8080, "gateway", 192);

	/** The five services. */
	public static final List<PartName> SERVICES = Arrays.stream(values()).filter(PartName::isService).toList();

	private final int port;

	private final @Nullable String schema;

	private final int heapMegabytes;

	PartName(int port) {
		this.port = port;
		this.schema = null;
		this.heapMegabytes = 0;
	}

	PartName(int port, String schema, int heapMegabytes) {
		this.port = port;
		this.schema = schema;
		this.heapMegabytes = heapMegabytes;
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

	/** The largest heap that it gets. */
	int heapMegabytes() {
		return this.heapMegabytes;
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
