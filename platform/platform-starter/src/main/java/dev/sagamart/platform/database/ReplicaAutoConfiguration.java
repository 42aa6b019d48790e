package dev.sagamart.platform.database;

import com.zaxxer.hikari.HikariDataSource;
import io.micrometer.core.instrument.MeterRegistry;
import java.sql.SQLException;
import javax.sql.DataSource;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.transaction.autoconfigure.TransactionAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.jdbc.datasource.LazyConnectionDataSourceProxy;
import org.springframework.transaction.PlatformTransactionManager;

/** Lets reads go to a replica, where one is configured. */
@AutoConfiguration(after = TransactionAutoConfiguration.class,
		afterName = "org.springframework.boot.hibernate.autoconfigure.HibernateJpaAutoConfiguration")
@ConditionalOnBean(PlatformTransactionManager.class)
@Import(ReplicaReads.class)
class ReplicaAutoConfiguration {

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnProperty("sagamart.database.replica.url")
	@EnableConfigurationProperties(ReplicaProperties.class)
	static class WithReplica {

		/**
		 * A transaction has said that it is read-only when it gets its connection, with
		 * its first statement.
		 */
		@Bean
		static BeanPostProcessor lazyConnections() {
			return new BeanPostProcessor() {

				@Override
				public Object postProcessAfterInitialization(Object bean, String name) {
					return (bean instanceof HikariDataSource pool) ? new LazyConnectionDataSourceProxy(pool) : bean;
				}

			};
		}

		@Bean
		ReadReplica readReplica(DataSource dataSource, ReplicaProperties properties, MeterRegistry meters)
				throws SQLException {
			ReadReplica replica = new ReadReplica(dataSource.unwrap(HikariDataSource.class), properties, meters,
					System::nanoTime);
			((LazyConnectionDataSourceProxy) dataSource).setReadOnlyDataSource(replica.readOnlyDataSource());
			return replica;
		}

	}

}
