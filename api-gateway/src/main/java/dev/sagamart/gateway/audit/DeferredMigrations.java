package dev.sagamart.gateway.audit;

import java.sql.SQLException;
import java.time.Duration;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.callback.BaseCallback;
import org.flywaydb.core.api.callback.Context;
import org.flywaydb.core.api.callback.Event;
import org.springframework.boot.flyway.autoconfigure.FlywayMigrationStrategy;
import org.springframework.stereotype.Component;

/**
 * Lets the gateway start without the database: {@link AuditTrail} runs the migrations
 * when the database is available. A migration may have to read the whole audit, so it
 * gets a longer read time-out than the connections of the pool.
 */
@Component
class DeferredMigrations extends BaseCallback implements FlywayMigrationStrategy {

	private static final Duration READ_TIMEOUT = Duration.ofMinutes(30);

	@Override
	public void migrate(Flyway flyway) {
		// AuditTrail migrates later.
	}

	@Override
	public boolean supports(Event event, Context context) {
		return event == Event.BEFORE_EACH_MIGRATE;
	}

	@Override
	public void handle(Event event, Context context) {
		try {
			context.getConnection().setNetworkTimeout(Runnable::run, (int) READ_TIMEOUT.toMillis());
		}
		catch (SQLException ex) {
			throw new FlywayException(ex);
		}
	}

}
