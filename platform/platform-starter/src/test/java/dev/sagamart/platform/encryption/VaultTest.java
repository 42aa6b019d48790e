package dev.sagamart.platform.encryption;

import com.zaxxer.hikari.HikariDataSource;
import dev.sagamart.platform.test.TestServers;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The tables of the platform in a database of its own, without any data key. */
abstract class VaultTest {

	private static final String DATABASE = "encryption_tests";

	final String masterKey = newKey();

	private final HikariDataSource pool = new HikariDataSource();

	JdbcTemplate jdbc;

	@BeforeEach
	void connect() throws SQLException {
		TestServers.postgres().createDatabase(DATABASE);
		this.pool.setJdbcUrl(TestServers.postgres().jdbcUrl(DATABASE));
		this.pool.setUsername("vault");
		this.pool.setPassword(TestServers.postgres().password("vault", DATABASE));
		this.jdbc = new JdbcTemplate(this.pool);
		Flyway.configure()
			.dataSource(this.pool)
			.schemas("vault")
			.defaultSchema("vault")
			.locations("classpath:db/platform")
			.load()
			.migrate();
		this.jdbc.execute("truncate encryption_key; drop table if exists parcel");
	}

	@AfterEach
	void close() {
		this.pool.close();
	}

	/** What an instance of the service has. */
	PersonalData instance() {
		return instance(MasterKey.of("VAULT_KEY", this.masterKey, ""));
	}

	PersonalData instance(MasterKey key) {
		return new PersonalData(JdbcClient.create(this.jdbc), key);
	}

	static String newKey() {
		return Base64.getEncoder().encodeToString(AesGcm.newSecret());
	}

	/** Does the same many times at once. */
	static <T> List<T> atOnce(int times, Callable<T> work) throws Exception {
		try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
			List<T> results = new ArrayList<>();
			for (Future<T> future : threads.invokeAll(Collections.nCopies(times, work))) {
				results.add(future.get());
			}
			return results;
		}
	}

}
