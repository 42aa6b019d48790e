package dev.sagamart.platform.request;

import org.springframework.util.unit.DataSize;

/** How long the body of a request may be, at the edge and in every service. */
public final class BodyLimit {

	/** As properties have it. */
	public static final String SIZE = "1MB";

	public static final long BYTES = DataSize.parse(SIZE).toBytes();

	private BodyLimit() {
	}

}
