package dev.sagamart.orders.shipment;

import dev.sagamart.platform.database.SqlArrays;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * Books shipments. It is a participant of the saga like the others, but since it uses the
 * same database, it answers within the same transaction.
 */
@Component
public class ShipmentDesk {

	private static final String UNDELIVERABLE = "00000";

	private final JdbcClient jdbc;

	ShipmentDesk(JdbcClient jdbc) {
		this.jdbc = jdbc;
	}

	/**
	 * Whether there is a carrier for that postal code, or for {@code null} in a country
	 * without postal codes.
	 */
	public boolean delivers(@Nullable String postalCode) {
		return !UNDELIVERABLE.equals(postalCode);
	}

	/**
	 * Stores the states of shipments with one statement. A shipment that was never booked
	 * can be cancelled too.
	 */
	public void record(Map<UUID, ShipmentState> shipments) {
		if (shipments.isEmpty()) {
			return;
		}
		this.jdbc.sql("""
				INSERT INTO shipment (order_id, state)
				SELECT * FROM unnest(?, ?)
				ON CONFLICT (order_id) DO UPDATE SET state = excluded.state, updated_at = now()
				""")
			.params(SqlArrays.uuids(shipments.keySet()), SqlArrays.column("text", shipments.values(), Enum::name))
			.update();
	}

}
