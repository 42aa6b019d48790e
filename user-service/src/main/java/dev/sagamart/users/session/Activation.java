package dev.sagamart.users.session;

import dev.sagamart.users.session.LogIn.Throttled;
import java.util.List;

/** The result of giving the first code of a second factor. */
public sealed interface Activation permits Activation.Enrolled, Activation.Refused, Throttled {

	/**
	 * From now on log-ins need a code. All sessions have ended.
	 *
	 * @param recoveryCodes they are shown only once
	 */
	record Enrolled(List<String> recoveryCodes) implements Activation {

		public Enrolled {
			recoveryCodes = List.copyOf(recoveryCodes);
		}

		@Override
		public String toString() {
			return "Enrolled[…]";
		}

	}

	/** The code is wrong, or no secret waits for its first code. */
	record Refused() implements Activation {
	}

}
