package dev.sagamart.platform.test;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.model.ExposedPort;
import com.github.dockerjava.api.model.HostConfig;
import com.github.dockerjava.api.model.PortBinding;
import com.github.dockerjava.api.model.Ports.Binding;
import java.time.Instant;
import java.util.Objects;
import java.util.function.BiPredicate;
import org.testcontainers.containers.GenericContainer;

/**
 * A server in a container. Its port on the host is fixed when it is created, because a
 * broker tells its clients where it is, and because it has to be the same after a
 * restart.
 */
final class ContainerBackend implements Backend {

	private final GenericContainer<?> container;

	private final int port;

	private final BiPredicate<String, Integer> answers;

	ContainerBackend(GenericContainer<?> container, int containerPort, int port, BiPredicate<String, Integer> answers) {
		this.port = port;
		this.answers = answers;
		this.container = container.withExposedPorts(containerPort).withCreateContainerCmdModifier((create) -> {
			HostConfig host = Objects.requireNonNull(create.getHostConfig());
			create.withHostConfig(
					host.withPortBindings(new PortBinding(Binding.bindPort(port), new ExposedPort(containerPort))));
		});
	}

	@Override
	public String host() {
		return this.container.getHost();
	}

	@Override
	public int port() {
		return this.port;
	}

	@Override
	public void start() {
		if (this.container.getContainerId() == null) {
			this.container.start();
		}
		else {
			docker().startContainerCmd(this.container.getContainerId()).exec();
		}
		Instant end = Instant.now().plus(PATIENCE);
		while (!this.answers.test(host(), this.port)) {
			if (Instant.now().isAfter(end)) {
				throw new IllegalStateException(this.container.getDockerImageName() + " does not answer");
			}
			Thread.onSpinWait();
		}
	}

	@Override
	public void stop() {
		docker().stopContainerCmd(this.container.getContainerId()).exec();
	}

	@Override
	public void kill() {
		docker().killContainerCmd(this.container.getContainerId()).exec();
	}

	@Override
	public void hang() {
		docker().pauseContainerCmd(this.container.getContainerId()).exec();
	}

	@Override
	public void wake() {
		docker().unpauseContainerCmd(this.container.getContainerId()).exec();
	}

	private DockerClient docker() {
		return this.container.getDockerClient();
	}

}
