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
 * The gateway starts without the database; {@link AuditTrail} migrates when it can. A
 * migration may take longer than a connection of the pool waits for an answer: it may
 * have to look through all of the audit.
 */
@Component
class LaterMigrations extends BaseCallback implements FlywayMigrationStrategy {

	private static final Duration PATIENCE = Duration.ofMinutes(30);

	@Override
	public void migrate(Flyway flyway) {
		// not at the start
	}

	@Override
	public boolean supports(Event event, Context context) {
		return event == Event.BEFORE_EACH_MIGRATE;
	}

	@Override
	public void handle(Event event, Context context) {
		try {
			context.getConnection().setNetworkTimeout(Runnable::run, (int) PATIENCE.toMillis());
		}
		catch (SQLException ex) {
			throw new FlywayException(ex);
		}
	}

}
