package dev.sagamart.products.catalogue.web;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.springframework.http.CacheControl;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.context.request.WebRequest;

/**
 * An answer of the catalogue that does not depend on who asks. Anyone may store it and
 * must ask before using it again, which costs no body while nothing has changed: each has
 * an {@code ETag}.
 */
public final class PublicAnswer {

	private PublicAnswer() {
	}

	/** An answer whose tag is made from all that it says. */
	public static <T> ResponseEntity<T> of(T body, WebRequest request) {
		return of(body, tagOf(body.toString()), CacheControl.noCache(), request);
	}

	/** Spring compares tags, but for a safe method it does not know {@code *}. */
	static <T> ResponseEntity<T> of(T body, String tag, CacheControl caching, WebRequest request) {
		String known = request.getHeader(HttpHeaders.IF_NONE_MATCH);
		boolean any = known != null && known.strip().equals("*");
		return ResponseEntity.status(any ? HttpStatus.NOT_MODIFIED : HttpStatus.OK)
			.eTag(tag)
			.cacheControl(caching)
			.body(any ? null : body);
	}

	static String tagOf(String content) {
		try {
			byte[] digest = MessageDigest.getInstance("SHA-256").digest(content.getBytes(StandardCharsets.UTF_8));
			return "\"" + HexFormat.of().formatHex(digest, 0, 16) + "\"";
		}
		catch (NoSuchAlgorithmException ex) {
			throw new IllegalStateException(ex);
		}
	}

}
