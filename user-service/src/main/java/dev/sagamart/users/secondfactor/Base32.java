package dev.sagamart.users.secondfactor;

/** Letters and digits that nobody takes for one another (RFC 4648, section 6). */
final class Base32 {

	private static final String ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

	private static final int BITS = 5;

	private Base32() {
	}

	/**
	 * Encodes bytes.
	 * @param bytes a multiple of five of them, so that nothing has to be filled up
	 */
	static String encode(byte[] bytes) {
		StringBuilder text = new StringBuilder();
		int buffer = 0;
		int held = 0;
		for (byte next : bytes) {
			buffer = (buffer << Byte.SIZE) | Byte.toUnsignedInt(next);
			held += Byte.SIZE;
			while (held >= BITS) {
				held -= BITS;
				text.append(ALPHABET.charAt((buffer >> held) & 31));
			}
		}
		return text.toString();
	}

}
