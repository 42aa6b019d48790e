package dev.sagamart.platform.request;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;

/**
 * What a page token is made of: a checksum, then the key that the page starts after. The
 * checksum covers the list as well, so that a token of another list or of other filters
 * is none here, and neither is one that was cut or mistyped on its way. It is no secret:
 * whoever computes it gets a position that they may ask for anyhow, because the parts of
 * a key are read as strictly as if there were none.
 */
public final class PageToken {

	/** Longer than any that is given out, and short enough for a request line. */
	private static final int MAX_LENGTH = 4096;

	/** To be changed with the meaning of any key, which makes older tokens invalid. */
	private static final String FORM = "1";

	/** Between the parts of a key; cannot occur in text that is part of one. */
	private static final String SEPARATOR = "\u001f";

	private static final int CHECKSUM_LENGTH = 8;

	private PageToken() {
	}

	public static String of(String list, List<String> key) {
		byte[] text = String.join(SEPARATOR, key).getBytes(StandardCharsets.UTF_8);
		byte[] token = ByteBuffer.allocate(CHECKSUM_LENGTH + text.length).put(checksum(list, text)).put(text).array();
		return Base64.getUrlEncoder().withoutPadding().encodeToString(token);
	}

	/**
	 * Reads a key.
	 * @throws IllegalArgumentException unless the token was given out for that list
	 */
	public static List<String> keyOf(String list, String token) {
		if (token.length() > MAX_LENGTH) {
			throw new IllegalArgumentException("Too long");
		}
		byte[] bytes = Base64.getUrlDecoder().decode(token);
		byte[] text = Arrays.copyOfRange(bytes, Math.min(CHECKSUM_LENGTH, bytes.length), bytes.length);
		List<String> key = Arrays.asList(new String(text, StandardCharsets.UTF_8).split(SEPARATOR, -1));
		// also of a key that is not UTF-8, and of Base64 in another form
		if (!token.equals(of(list, key))) {
			throw new IllegalArgumentException("Not given out for this list");
		}
		return key;
	}

	private static byte[] checksum(String list, byte[] key) {
		try {
			MessageDigest digest = MessageDigest.getInstance("SHA-256");
			digest.update((FORM + SEPARATOR + list + SEPARATOR).getBytes(StandardCharsets.UTF_8));
			return Arrays.copyOf(digest.digest(key), CHECKSUM_LENGTH);
		}
		catch (NoSuchAlgorithmException ex) {
			throw new IllegalStateException(ex);
		}
	}

}
