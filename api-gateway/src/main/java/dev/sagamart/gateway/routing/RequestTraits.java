package dev.sagamart.gateway.routing;

import org.springframework.cloud.gateway.route.Route;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.server.reactive.ServerHttpRequest;

/** Properties of a request that follow from its headers or its route. */
public final class RequestTraits {

	private RequestTraits() {
	}

	/** Whether the request only reads, so that it may be retried. */
	public static boolean isRead(ServerHttpRequest request) {
		HttpMethod method = request.getMethod();
		return method.equals(HttpMethod.GET) || method.equals(HttpMethod.HEAD);
	}

	public static boolean hasBody(ServerHttpRequest request) {
		HttpHeaders headers = request.getHeaders();
		return headers.getContentLength() > 0 || headers.containsHeader(HttpHeaders.TRANSFER_ENCODING);
	}

	/**
	 * Whether requests of this route hash a password. That occupies a processor for up to
	 * two seconds under load, so their duration says nothing about the health of the
	 * service.
	 */
	public static boolean hashesPassword(Route route) {
		return Boolean.TRUE.equals(route.getMetadata().get("passwords"));
	}

}
