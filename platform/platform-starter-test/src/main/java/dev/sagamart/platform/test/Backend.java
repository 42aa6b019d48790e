package dev.sagamart.platform.test;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.command.SyncDockerCmd;
import dev.sagamart.local.Part;
import java.time.Duration;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.BiPredicate;
import java.util.function.Supplier;
import org.awaitility.Awaitility;
import org.testcontainers.containers.GenericContainer;

/**
 * What {@link BreakableServer} does to a server: a process of this machine or a
 * container.
 */
record Backend(Supplier<String> host, int port, Runnable start, Runnable stop, Runnable kill, Runnable hang,
		Runnable wake) {

	private static final Duration PATIENCE = Duration.ofMinutes(2);

	static Backend process(Part part) {
		return new Backend(() -> "127.0.0.1", part.port(), () -> part.start(PATIENCE), () -> part.stop(PATIENCE),
				part::kill, () -> part.signal("STOP"), () -> part.signal("CONT"));
	}

	/**
	 * Creates a container with a fixed port on the host, because a broker tells clients
	 * its port, and because the port must stay the same after a restart.
	 */
	static Backend container(GenericContainer<?> container, int containerPort, int port,
			BiPredicate<String, Integer> answers) {
		container.setPortBindings(List.of(port + ":" + containerPort));
		return new Backend(container::getHost, port, () -> start(container, port, answers),
				command(container, DockerClient::stopContainerCmd), command(container, DockerClient::killContainerCmd),
				command(container, DockerClient::pauseContainerCmd),
				command(container, DockerClient::unpauseContainerCmd));
	}

	private static void start(GenericContainer<?> container, int port, BiPredicate<String, Integer> answers) {
		if (container.getContainerId() == null) {
			container.start();
		}
		else {
			command(container, DockerClient::startContainerCmd).run();
		}
		Awaitility.await("the container at port " + port + " to answer")
			.atMost(PATIENCE)
			.until(() -> answers.test(container.getHost(), port));
	}

	private static Runnable command(GenericContainer<?> container,
			BiFunction<DockerClient, String, SyncDockerCmd<Void>> command) {
		return () -> command.apply(container.getDockerClient(), container.getContainerId()).exec();
	}

}
