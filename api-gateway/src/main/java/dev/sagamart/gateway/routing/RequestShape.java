package dev.sagamart.gateway.routing;

import org.springframework.cloud.gateway.route.Route;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.server.reactive.ServerHttpRequest;

/** What can be said of a request by its head, and by the route that it takes. */
public final class RequestShape {

	private RequestShape() {
	}

	/** Whether it only reads, so that it may be made again. */
	public static boolean isRead(ServerHttpRequest request) {
		HttpMethod method = request.getMethod();
		return method.equals(HttpMethod.GET) || method.equals(HttpMethod.HEAD);
	}

	public static boolean hasBody(ServerHttpRequest request) {
		HttpHeaders headers = request.getHeaders();
		return headers.getContentLength() > 0 || headers.containsHeader(HttpHeaders.TRANSFER_ENCODING);
	}

	/**
	 * Whether it waits for a password to be hashed. That takes a core, and a second or
	 * two where many want it, which says nothing about how the other requests fare.
	 */
	public static boolean isPasswordWork(Route route) {
		return Boolean.TRUE.equals(route.getMetadata().get("passwords"));
	}

}
