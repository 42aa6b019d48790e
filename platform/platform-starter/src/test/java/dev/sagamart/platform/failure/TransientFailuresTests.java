package dev.sagamart.platform.failure;

import jakarta.persistence.OptimisticLockException;
import java.io.IOException;
import java.net.ConnectException;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.util.concurrent.CancellationException;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.apache.kafka.common.errors.NotLeaderOrFollowerException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.dao.CannotAcquireLockException;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.dao.OptimisticLockingFailureException;
import org.springframework.dao.QueryTimeoutException;
import org.springframework.dao.TransientDataAccessResourceException;
import org.springframework.transaction.CannotCreateTransactionException;
import org.springframework.transaction.TransactionSystemException;
import org.springframework.transaction.TransactionTimedOutException;

import static org.assertj.core.api.Assertions.assertThat;

class TransientFailuresTests {

	static Stream<Throwable> passing() {
		return Stream.of(new TransientDataAccessResourceException("away"), new CannotAcquireLockException("lock"),
				new OptimisticLockingFailureException("version"), new QueryTimeoutException("slow"),
				new DataAccessResourceFailureException("connection"),
				new CannotCreateTransactionException("no connection"), new TransactionTimedOutException("slow"),
				new SQLTransientConnectionException("pool"), new ConnectException("refused"),
				new TimeoutException("provider"), new CancellationException("bulkhead"),
				new NotLeaderOrFollowerException("moved"), new OutOfMemoryError("heap"), new InterruptedException(),
				new IllegalStateException(new RuntimeException(new IOException("deep"))),
				new TransactionSystemException("commit", new SQLException("broken", "08006")),
				new SQLException("Connection is closed"), new OptimisticLockException(), rollbackFailed());
	}

	private static TransactionSystemException rollbackFailed() {
		TransactionSystemException failed = new TransactionSystemException("rollback");
		failed.initApplicationException(new IllegalStateException("the handler"));
		return failed;
	}

	@ParameterizedTest
	@MethodSource("passing")
	void passes(Throwable failure) {
		assertThat(TransientFailures.isTransient(failure)).isTrue();
	}

	static Stream<Throwable> staying() {
		return Stream.of(new IllegalStateException("bug"), new NullPointerException(), new StackOverflowError(),
				new AssertionError("bug"), new DataIntegrityViolationException("check"),
				new TransactionSystemException("commit"), new SQLException("odd", "0"));
	}

	@ParameterizedTest
	@MethodSource("staying")
	void stays(Throwable failure) {
		assertThat(TransientFailures.isTransient(failure)).isFalse();
	}

	@ParameterizedTest
	@ValueSource(strings = { "08006", "40001", "40P01", "53300", "57P01", "57014", "58030", "55P03", "25006", "25P03" })
	void passesByState(String state) {
		assertThat(TransientFailures.isTransient(new SQLException("text", state))).isTrue();
	}

	@ParameterizedTest
	@ValueSource(strings = { "23505", "22001", "42P01", "25P02", "XX000", "P0001" })
	void staysByState(String state) {
		assertThat(TransientFailures.isTransient(new SQLException("text", state))).isFalse();
	}

	@Test
	void endsWithCausesThatGoInCircles() {
		RuntimeException one = new RuntimeException();
		RuntimeException two = new RuntimeException(one);
		one.initCause(two);
		assertThat(TransientFailures.isTransient(one)).isFalse();
		assertThat(TransientFailures.describe(one)).startsWith("RuntimeException");
	}

	@Test
	void describesAllCausesAsTextThatCanBeStored() {
		assertThat(TransientFailures.describe(new IllegalStateException("a\u0000b", new IOException())))
			.isEqualTo("IllegalStateException: a\ufffdb; caused by IOException");
		assertThat(TransientFailures.describe(new IllegalStateException("x".repeat(10_000)))).hasSize(4000);
	}

}
