package dev.sagamart.gateway.audit;

import java.sql.SQLException;
import java.time.Duration;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.callback.BaseCallback;
import org.flywaydb.core.api.callback.Context;
import org.flywaydb.core.api.callback.Event;
import org.springframework.stereotype.Component;

/**
 * Lets a migration take longer than a connection of the pool waits for an answer: it may
 * have to look through all of the audit.
 */
@Component
class LongMigrations extends BaseCallback {

	private static final Duration PATIENCE = Duration.ofMinutes(30);

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
