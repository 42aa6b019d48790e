package dev.sagamart.gateway.audit;

import org.springframework.boot.flyway.autoconfigure.FlywayMigrationStrategy;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class AuditConfiguration {

	/**
	 * The gateway starts without the database; {@link AuditTrail} migrates when it can.
	 */
	@Bean
	FlywayMigrationStrategy laterMigration() {
		return (flyway) -> {
		};
	}

}
