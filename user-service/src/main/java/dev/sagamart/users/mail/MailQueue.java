package dev.sagamart.users.mail;

import dev.sagamart.platform.database.SqlArrays;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The queue of the mails in a table. */
class MailQueue {

	private final JdbcClient jdbc;

	private final String table;

	MailQueue(JdbcClient jdbc, String table) {
		this.jdbc = jdbc;
		this.table = table;
	}

	/**
	 * A mail that an instance has taken to send it.
	 *
	 * @param attempt from 1
	 */
	record Taken(UUID id, int attempt) {
	}

	/**
	 * Takes due mails that no other instance has. They are due again after the lease, in
	 * case this instance dies.
	 */
	List<Taken> take(int limit, Duration lease) {
		return this.jdbc.sql("""
				UPDATE %1$s SET attempts = attempts + 1, due_at = now() + make_interval(secs => ?)
				WHERE id IN (SELECT id FROM %1$s WHERE status = 'PENDING' AND due_at <= now()
				             ORDER BY due_at LIMIT ? FOR UPDATE SKIP LOCKED)
				RETURNING id, attempts
				""".formatted(this.table))
			.params(lease.toMillis() / 1000.0, limit)
			.query((row, _) -> new Taken(row.getObject("id", UUID.class), row.getInt("attempts")))
			.list();
	}

	/** Ends pending mails, which are sent or given up. */
	void end(Collection<UUID> ids, String status) {
		this.jdbc
			.sql("UPDATE " + this.table + " SET status = :status, due_at = NULL,"
					+ " sent_at = CASE :status WHEN 'SENT' THEN now() END WHERE id = ANY (:ids) AND status = 'PENDING'")
			.param("status", status)
			.param("ids", SqlArrays.uuids(ids))
			.update();
	}

	void tryAgain(UUID id, Duration pause) {
		this.jdbc
			.sql("UPDATE " + this.table + " SET due_at = now() + make_interval(secs => ?)"
					+ " WHERE id = ? AND status = 'PENDING'")
			.params(pause.toMillis() / 1000.0, id)
			.update();
	}

	void remove(UUID id) {
		this.jdbc.sql("DELETE FROM " + this.table + " WHERE id = ?").param(id).update();
	}

}
