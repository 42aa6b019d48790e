package dev.sagamart.users.secondfactor;

/** The result of asking for a second factor. */
public sealed interface Enrolment {

	/**
	 * It waits for its first code.
	 *
	 * @param secret what the app makes codes of, in base32
	 * @param email whose it is, to be shown in the app
	 */
	record Begun(String secret, String email) implements Enrolment {

		@Override
		public String toString() {
			return "Begun[…]";
		}

	}

	record Exists() implements Enrolment {
	}

}
