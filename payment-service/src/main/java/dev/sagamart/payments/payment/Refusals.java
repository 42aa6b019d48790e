package dev.sagamart.payments.payment;

import java.util.Collection;
import java.util.Optional;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** What the provider said no to. */
@Repository
public class Refusals {

	private final JdbcClient jdbc;

	Refusals(JdbcClient jdbc) {
		this.jdbc = jdbc;
	}

	/**
	 * A "no" of the provider.
	 *
	 * @param reason its own word, which is not for the buyer
	 */
	public record Refusal(OperationKind kind, String reason) {
	}

	/** The last "no" to an operation of one of those kinds. */
	public Optional<Refusal> last(UUID paymentId, Collection<OperationKind> kinds) {
		return this.jdbc
			.sql("""
					SELECT kind, detail FROM operation
					WHERE payment_id = ? AND (outcome = 'DECLINED' OR refusals > 0) AND kind = ANY (?) AND detail IS NOT NULL
					ORDER BY id DESC LIMIT 1""")
			.params(paymentId, kinds.stream().map(Enum::name).toArray(String[]::new))
			.query((row, _) -> new Refusal(OperationKind.valueOf(row.getString("kind")), row.getString("detail")))
			.optional();
	}

}
