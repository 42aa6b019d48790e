package dev.sagamart.users.session;

import dev.sagamart.users.session.LogIn.Throttled;
import java.util.List;

/** The result of giving the first code of a second factor. */
public sealed interface Activation permits Activation.Enrolled, Activation.Refused, Throttled {

	/**
	 * From now on the user logs in with codes. All sessions have ended.
	 *
	 * @param recoveryCodes which are known to nobody else
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

	/** The code is wrong, or there is no secret that waits for one. */
	record Refused() implements Activation {
	}

}
