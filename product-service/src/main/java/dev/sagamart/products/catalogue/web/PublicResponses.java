package dev.sagamart.products.catalogue.web;

import dev.sagamart.platform.Digests;
import java.util.HexFormat;
import org.springframework.http.CacheControl;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.context.request.WebRequest;

/**
 * Creates responses that are the same for all callers, with an {@code ETag}. Any cache
 * may store them, but must revalidate them before each use. The response to a
 * revalidation has no body if nothing has changed.
 */
public final class PublicResponses {

	private PublicResponses() {
	}

	/** A response whose tag is a hash of its whole body. */
	public static <T> ResponseEntity<T> of(T body, WebRequest request) {
		return of(body, tagOf(body.toString()), CacheControl.noCache(), request);
	}

	/** Handles {@code *}, which Spring does not support for safe methods. */
	static <T> ResponseEntity<T> of(T body, String tag, CacheControl caching, WebRequest request) {
		String known = request.getHeader(HttpHeaders.IF_NONE_MATCH);
		boolean any = known != null && known.strip().equals("*");
		return ResponseEntity.status(any ? HttpStatus.NOT_MODIFIED : HttpStatus.OK)
			.eTag(tag)
			.cacheControl(caching)
			.body(any ? null : body);
	}

	static String tagOf(String content) {
		return "\"" + HexFormat.of().formatHex(Digests.sha256(content), 0, 16) + "\"";
	}

}
