package dev.sagamart.payments.payment;

import java.util.EnumSet;
import java.util.Set;

/** What is still open for one payment. */
final class OpenOperations {

	private final Set<OperationKind> bySaga = EnumSet.noneOf(OperationKind.class);

	private boolean any;

	void add(OperationKind kind, boolean byPerson) {
		this.any = true;
		if (!byPerson) {
			this.bySaga.add(kind);
		}
	}

	boolean isEmpty() {
		return !this.any;
	}

	/** Whether the saga's wish for this is open already. */
	boolean hasAsked(OperationKind kind) {
		return this.bySaga.contains(kind);
	}

}
