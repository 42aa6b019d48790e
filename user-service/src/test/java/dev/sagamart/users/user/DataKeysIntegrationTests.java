package dev.sagamart.users.user;

import dev.sagamart.platform.test.TestServers;
import dev.sagamart.users.AuthenticatorApp;
import dev.sagamart.users.UsersTest;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.configuration.FluentConfiguration;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.scheduling.annotation.ScheduledAnnotationBeanPostProcessor;

import static org.assertj.core.api.Assertions.assertThat;

class DataKeysIntegrationTests extends UsersTest {

	private static final List<String> COLUMNS = List.of("email FROM app_user", "name FROM app_user",
			"content FROM address", "secret FROM second_factor");

	private static final Map<String, Object> ADDRESS = Map.of("recipient", "Ann", "line1", "Main Street 1", "city",
			"Berlin", "postalCode", "10115", "country", "DE");

	@Autowired
	private ScheduledAnnotationBeanPostProcessor jobs;

	@Test
	void areFollowedByAllThatIsEncrypted() {
		String ann = customer("ann@example.com");
		assertThat(call("POST", "/api/v1/users/me/addresses", ann, ADDRESS).status()).isEqualTo(201);
		AuthenticatorApp app = enrol(ann);
		List<byte[]> before = COLUMNS.stream().map(this::keyOf).toList();
		letPass("90 days");
		letPass("2 hours");
		List<byte[]> after = COLUMNS.stream().map(this::keyOf).toList();
		for (int i = 0; i < COLUMNS.size(); i++) {
			assertThat(after.get(i)).as(COLUMNS.get(i)).isNotEqualTo(before.get(i)).isEqualTo(after.getFirst());
		}
		forgetSteps();
		String token = logInWithCode("ann@example.com", app.code()).text("accessToken");
		assertThat(get("/api/v1/users/me", token).json().get("name").asString()).isEqualTo("Somebody");
		assertThat(get("/api/v1/users/me/addresses", token).response().body()).contains("Main Street 1");
	}

	@Test
	void beginWithTheOneOfTheVersionBefore() throws Exception {
		String database = "users_upgrade";
		TestServers.postgres().createDatabase(database);
		DriverManagerDataSource dataSource = new DriverManagerDataSource(TestServers.postgres().jdbcUrl(database),
				"users", TestServers.postgres().password("users", database));
		FluentConfiguration flyway = Flyway.configure()
			.dataSource(dataSource)
			.defaultSchema("users")
			.baselineOnMigrate(true)
			.baselineVersion("0");
		flyway.locations("classpath:db/platform").table("platform_schema_history").load().migrate();
		flyway.locations("classpath:db/migration").table("flyway_schema_history").target("11").load().migrate();
		JdbcClient upgraded = JdbcClient.create(dataSource);
		byte[] secret = { 1, 2, 3 };
		upgraded.sql("INSERT INTO data_key (secret) VALUES (?)").param(secret).update();
		flyway.target("latest").load().migrate();
		assertThat(upgraded.sql("SELECT secret FROM encryption_key WHERE number = 1").query(byte[].class).single())
			.isEqualTo(secret);
		upgraded.sql("INSERT INTO encryption_key (number, secret) VALUES (2, '')").update();
		assertThat(upgraded.sql("SELECT secret FROM data_key").query(byte[].class).single())
			.as("what the version before reads")
			.isEqualTo(secret);
	}

	/** The name of the key that has encrypted the one row of a table. */
	private byte[] keyOf(String column) {
		return Arrays.copyOf(this.jdbc.sql("SELECT " + column).query(byte[].class).single(), 4);
	}

	/** As if the data keys were so much older, and what is due then is done. */
	private void letPass(String interval) {
		this.jdbc.sql("UPDATE encryption_key SET created_at = created_at - ?::interval").param(interval).update();
		this.jobs.getScheduledTasks()
			.stream()
			.map((scheduled) -> scheduled.getTask())
			.filter((task) -> task.toString().contains("DataKeyRotation.run"))
			.findFirst()
			.orElseThrow()
			.getRunnable()
			.run();
	}

}
