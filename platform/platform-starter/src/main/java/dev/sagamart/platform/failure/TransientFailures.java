package dev.sagamart.platform.failure;

import jakarta.persistence.LockTimeoutException;
import jakarta.persistence.OptimisticLockException;
import jakarta.persistence.PessimisticLockException;
import jakarta.persistence.QueryTimeoutException;
import java.io.IOException;
import java.sql.SQLException;
import java.sql.SQLRecoverableException;
import java.sql.SQLTransientException;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.common.errors.RetriableException;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.dao.RecoverableDataAccessException;
import org.springframework.dao.TransientDataAccessException;
import org.springframework.transaction.CannotCreateTransactionException;
import org.springframework.transaction.TransactionSystemException;
import org.springframework.transaction.TransactionTimedOutException;

/**
 * The only list of failures after which the same call may succeed later. Consumers
 * receive the message again, HTTP answers 503, and jobs run again at their next time.
 */
public final class TransientFailures {

	/**
	 * Classes of SQLSTATE that do not depend on the statement: connection, rollback by
	 * the server, resources, intervention, system.
	 */
	private static final Set<String> TRANSIENT_CLASSES = Set.of("08", "40", "53", "57", "58");

	/**
	 * Lock not available, read-only after a failover, idle in transaction for too long.
	 */
	private static final Set<String> TRANSIENT_STATES = Set.of("55P03", "55006", "25006", "25P03", "25P04");

	private static final int MAX_DESCRIPTION = 4000;

	private static final int MAX_DEPTH = 20;

	private TransientFailures() {
	}

	/** Whether the same call may succeed later. */
	public static boolean isTransient(Throwable failure) {
		return causes(failure).anyMatch(TransientFailures::isTransientItself);
	}

	private static Stream<Throwable> causes(Throwable failure) {
		return Stream.iterate(failure, Objects::nonNull, Throwable::getCause).limit(MAX_DEPTH);
	}

	private static boolean isTransientItself(Throwable cause) {
		return switch (cause) {
			case TransientDataAccessException _, RecoverableDataAccessException _, DataAccessResourceFailureException _,
					CannotCreateTransactionException _, TransactionTimedOutException _, RetriableException _,
					IOException _, TimeoutException _, InterruptedException _, CancellationException _,
					RejectedExecutionException _, SQLTransientException _, SQLRecoverableException _ ->
				true;
			// Without a state the exception comes from the pool, which lost the
			// connection.
			case SQLException sql -> sql.getSQLState() == null || isTransientState(sql.getSQLState());
			// The rollback failed, so the connection is lost.
			case TransactionSystemException system -> system.getApplicationException() != null;
			case OptimisticLockException _, PessimisticLockException _, LockTimeoutException _,
					QueryTimeoutException _ ->
				true;
			case StackOverflowError _ -> false;
			case VirtualMachineError _ -> true;
			default -> false;
		};
	}

	private static boolean isTransientState(String state) {
		return state.length() == 5
				&& (TRANSIENT_CLASSES.contains(state.substring(0, 2)) || TRANSIENT_STATES.contains(state));
	}

	/**
	 * The failure and its causes in one text of no more than {@value #MAX_DESCRIPTION}
	 * characters, which PostgreSQL can store.
	 */
	public static String describe(Throwable failure) {
		String text = causes(failure)
			.map((cause) -> cause.getClass().getSimpleName()
					+ ((cause.getMessage() != null) ? ": " + cause.getMessage() : ""))
			.collect(Collectors.joining("; caused by "));
		return text.substring(0, Math.min(text.length(), MAX_DESCRIPTION)).replace('\u0000', '\ufffd');
	}

}
