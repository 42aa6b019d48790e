package dev.sagamart.platform.test;

import dev.sagamart.local.Place;
import dev.sagamart.local.Ports;
import dev.sagamart.local.PostgresServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.UUID;
import org.springframework.util.FileSystemUtils;

/**
 * A PostgreSQL server and its streaming replica. They are not shared, so that a test can
 * stop either of them. They are always processes of this machine, because the replica
 * starts as a copy of the primary's files.
 */
public record ReplicatedPostgres(TestPostgres primary, TestPostgres replica) {

	/** Starts both. They end with the JVM. */
	public static ReplicatedPostgres start() {
		String password = UUID.randomUUID().toString();
		Place first = Place.under(TestDirectories.own(), "postgres-primary", Ports.free());
		Place second = Place.under(TestDirectories.own(), "postgres-replica", Ports.free());
		TestPostgres primary = server(first, password);
		primary.start();
		primary.createDatabase(PostgresServer.DATABASE);
		primary.stop();
		try {
			FileSystemUtils.copyRecursively(first.data(), second.data());
			Path cluster = second.data().resolve("cluster");
			Files.setPosixFilePermissions(cluster, PosixFilePermissions.fromString("rwx------"));
			Files.createFile(cluster.resolve("standby.signal"));
			Files.writeString(cluster.resolve("postgresql.conf"),
					"primary_conninfo = 'host=127.0.0.1 port=%d user=postgres password=%s'\n".formatted(first.port(),
							password),
					StandardOpenOption.APPEND);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		TestPostgres replica = server(second, password);
		primary.start();
		replica.start();
		return new ReplicatedPostgres(primary, replica);
	}

	private static TestPostgres server(Place place, String password) {
		return new TestPostgres(
				Backend.process(TestDirectories.endedWithTheJvm(new PostgresServer(place, password, false))), password);
	}

}
