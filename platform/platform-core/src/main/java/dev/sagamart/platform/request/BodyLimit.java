package dev.sagamart.platform.request;

import org.springframework.util.unit.DataSize;

/** The maximum size of a request body, in the gateway and in every service. */
public final class BodyLimit {

	/** The limit in the format of {@code DataSize} properties. */
	public static final String SIZE = "1MB";

	public static final long BYTES = DataSize.parse(SIZE).toBytes();

	private BodyLimit() {
	}

}
