package dev.sagamart.platform.request;

import dev.sagamart.platform.Digests;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;

/**
 * A page token consists of a checksum and the key after which the page starts. The
 * checksum also covers the name of the list, so a token of another list or of other
 * filters is invalid, and so is a truncated or mistyped one. The token is not a secret:
 * somebody who computes one only gets a position in a list that they may read anyway,
 * because the parts of the key are validated like any other input.
 */
public final class PageToken {

	/** Longer than any issued token, and short enough for a request line. */
	private static final int MAX_LENGTH = 4096;

	/** Increment this when the meaning of a key changes, to invalidate old tokens. */
	private static final String VERSION = "1";

	/** Separates the parts of a key; a control character that no part contains. */
	private static final String SEPARATOR = "\u001f";

	private static final int CHECKSUM_LENGTH = 8;

	private PageToken() {
	}

	public static String of(String list, List<String> key) {
		String text = String.join(SEPARATOR, key);
		byte[] checksum = Digests.sha256(String.join(SEPARATOR, VERSION, list, text));
		byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
		byte[] token = ByteBuffer.allocate(CHECKSUM_LENGTH + bytes.length)
			.put(checksum, 0, CHECKSUM_LENGTH)
			.put(bytes)
			.array();
		return Base64.getUrlEncoder().withoutPadding().encodeToString(token);
	}

	/**
	 * Returns the key in a token.
	 * @throws IllegalArgumentException unless the token was issued for that list
	 */
	public static List<String> keyOf(String list, String token) {
		if (token.length() > MAX_LENGTH) {
			throw new IllegalArgumentException("The page token is too long");
		}
		byte[] bytes = Base64.getUrlDecoder().decode(token);
		byte[] text = Arrays.copyOfRange(bytes, Math.min(CHECKSUM_LENGTH, bytes.length), bytes.length);
		List<String> key = Arrays.asList(new String(text, StandardCharsets.UTF_8).split(SEPARATOR, -1));
		// This also refuses keys that are not UTF-8, and non-canonical Base64.
		if (!token.equals(of(list, key))) {
			throw new IllegalArgumentException("The page token was not issued for this list");
		}
		return key;
	}

}
