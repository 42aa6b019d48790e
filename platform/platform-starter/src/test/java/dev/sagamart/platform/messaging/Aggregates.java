package dev.sagamart.platform.messaging;

import dev.sagamart.platform.messaging.ParcelEvent.ParcelShipped;
import dev.sagamart.platform.messaging.outbox.Outbox;
import dev.sagamart.platform.messaging.outbox.Outgoing;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** Changes aggregates as a service does: row lock, change, message, commit. */
public class Aggregates {

	public static final UUID USER = new UUID(0, 1);

	private final JdbcTemplate jdbc;

	private final TransactionTemplate transactions;

	private final Outbox outbox;

	public Aggregates(JdbcTemplate jdbc, PlatformTransactionManager transactionManager, Outbox outbox) {
		this.jdbc = jdbc;
		this.transactions = new TransactionTemplate(transactionManager);
		this.outbox = outbox;
	}

	/** Changes an aggregate so many times, each in a transaction of its own. */
	public void change(UUID id, int times) {
		for (int i = 0; i < times; i++) {
			this.transactions.executeWithoutResult((status) -> changeHere(id));
		}
	}

	/** Changes many aggregates in one transaction. */
	public void changeAll(List<UUID> ids) {
		this.transactions.executeWithoutResult((status) -> {
			List<Outgoing> messages = new ArrayList<>();
			ids.forEach((id) -> messages.add(new Outgoing(shipped(id, next(id)), MessageContext.current())));
			this.outbox.appendAll(messages);
		});
	}

	/** Changes an aggregate in the current transaction. */
	public void changeHere(UUID id) {
		this.outbox.append(shipped(id, next(id)));
	}

	private int next(UUID id) {
		Integer version = this.jdbc.queryForObject("""
				insert into aggregate (id, version) values (?, 1)
				on conflict (id) do update set version = aggregate.version + 1 returning version""", Integer.class, id);
		return version;
	}

	public static ParcelShipped shipped(UUID id, int sequence) {
		return new ParcelShipped(id, USER, sequence, Instant.EPOCH);
	}

	/** What an aggregate that was changed so many times must have told, in order. */
	public static List<Integer> sequences(int times) {
		return IntStream.rangeClosed(1, times).boxed().toList();
	}

}
