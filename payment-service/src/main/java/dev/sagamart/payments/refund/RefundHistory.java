package dev.sagamart.payments.refund;

import dev.sagamart.events.Money;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** What became of the refunds that people asked for. */
@Repository
public class RefundHistory {

	private final JdbcClient jdbc;

	RefundHistory(JdbcClient jdbc) {
		this.jdbc = jdbc;
	}

	/** Where a refund stands. */
	public enum Status {

		/** It is to be asked for, or asked for again. */
		PENDING,
		/** The provider was asked and did not tell what came of it. */
		UNKNOWN,
		/** The money is on its way back. */
		DONE,
		/** The provider refused, or nothing was left to give back. It is over. */
		DECLINED

	}

	/**
	 * A refund that a person asked for.
	 *
	 * @param reason as the person gave it
	 * @param refusal the provider's last "no" to it, in its own word
	 */
	public record Refund(UUID id, Money amount, @Nullable String reason, Status status, @Nullable String refusal,
			Instant createdAt) {
	}

	/**
	 * The refunds of a payment, the newest first.
	 * @param before the id that the page starts after, {@code null} for the first page
	 */
	public List<Refund> list(UUID paymentId, @Nullable UUID before, int count) {
		return this.jdbc.sql("""
				SELECT o.refund_id, o.amount, p.currency, o.reason, o.outcome, o.refusals, o.detail, o.created_at
				FROM operation o JOIN payment p ON p.id = o.payment_id
				WHERE o.payment_id = :payment AND o.refund_id IS NOT NULL
				  AND (CAST(:before AS uuid) IS NULL OR o.refund_id < :before)
				ORDER BY o.refund_id DESC LIMIT :count""")
			.param("payment", paymentId)
			.param("before", before)
			.param("count", count)
			.query((row, _) -> {
				Status status = row.getString("outcome").equals("OPEN") ? Status.PENDING
						: Status.valueOf(row.getString("outcome"));
				boolean refused = status == Status.DECLINED || (status == Status.PENDING && row.getInt("refusals") > 0);
				return new Refund(row.getObject("refund_id", UUID.class),
						new Money(row.getLong("amount"), row.getString("currency")), row.getString("reason"), status,
						refused ? row.getString("detail") : null,
						row.getObject("created_at", OffsetDateTime.class).toInstant());
			})
			.list();
	}

}
