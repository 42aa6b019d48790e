package dev.sagamart.simulator;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

/**
 * Starts the simulator as a process. Environment: {@code HOST} (127.0.0.1), {@code PORT}
 * (18090), {@code DATA_DIR} (payment-simulator-data).
 */
public final class Main {

	private Main() {
	}

	public static void main(String[] args) throws IOException {
		PaymentSimulator simulator = start(System.getenv());
		Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().unstarted(simulator::close));
		System.out.println("Payment simulator listens on " + simulator.url());
	}

	static PaymentSimulator start(Map<String, String> environment) throws IOException {
		return PaymentSimulator.start(environment.getOrDefault("HOST", "127.0.0.1"),
				Integer.parseInt(environment.getOrDefault("PORT", "18090")),
				Path.of(environment.getOrDefault("DATA_DIR", "payment-simulator-data")));
	}

}
