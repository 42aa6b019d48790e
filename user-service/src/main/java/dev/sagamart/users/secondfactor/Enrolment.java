package dev.sagamart.users.secondfactor;

/** The result of beginning the enrolment of a second factor. */
public sealed interface Enrolment {

	/**
	 * The secret waits for its first code.
	 *
	 * @param secret from which the app makes codes, in base32
	 * @param email the account name for the app
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
