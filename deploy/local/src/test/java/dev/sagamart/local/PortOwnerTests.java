package dev.sagamart.local;

import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

class PortOwnerTests {

	@TempDir
	Path directory;

	@Test
	void findsTheProcessThatListens() throws Exception {
		try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
			assertThat(PortOwner.problem(socket.getLocalPort())).startsWith("is used by process ");
			assertThat(PortOwner.find(socket.getLocalPort())).contains(ProcessHandle.current());
			assertThat(PortOwner.describe(socket.getLocalPort()))
				.startsWith("process " + ProcessHandle.current().pid() + " (")
				.contains("java")
				.hasSizeLessThan(200);
		}
	}

	@Test
	void recognisesAFreePort() {
		int port = Ports.free();
		assertThat(PortOwner.problem(port)).isNull();
		assertThat(PortOwner.find(port)).isEmpty();
		assertThat(PortOwner.describe(port)).isEqualTo("a process of another user");
	}

	@Test
	void reportsAPortThatNeedsRoot() {
		assertThat(PortOwner.problem(1, new BindException("Permission denied")))
			.isEqualTo("cannot be used: Permission denied (ports below 1024 need root on most systems)");
		assertThat(PortOwner.problem(8080, new BindException("Cannot assign requested address")))
			.isEqualTo("cannot be used: Cannot assign requested address");
		assertThat(PortOwner.problem(8080, new BindException("Address already in use"))).startsWith("is used by ");
	}

	@Test
	void readsOnlySocketsThatListenOnThatPort() throws Exception {
		Path table = Files.writeString(this.directory.resolve("tcp"),
				"""
						  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
						   0: 0100007F:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 4711 1 0 100 0
						   1: 0100007F:1F90 0100007F:C350 01 00000000:00000000 00:00000000 00000000     0        0 4712 1 0 100 0
						   2: 0100007F:1F91 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 4713 1 0 100 0
						short
						""");
		assertThat(PortOwner.sockets(8080, List.of(table, this.directory.resolve("tcp6"))))
			.containsExactly("socket:[4711]");
	}

}
