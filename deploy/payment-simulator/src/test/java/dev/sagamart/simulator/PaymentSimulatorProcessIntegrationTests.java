package dev.sagamart.simulator;

import com.stripe.StripeClient;
import com.stripe.exception.StripeException;
import com.stripe.model.PaymentIntent;
import com.stripe.net.RequestOptions;
import com.stripe.param.PaymentIntentCreateParams;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** The simulator as a process with the heap of 64 MB that all deployments use. */
class PaymentSimulatorProcessIntegrationTests {

	private static final Pattern LISTENS = Pattern.compile("listens on (\\S+)");

	private static final int ORDERS = 200_000;

	@TempDir
	Path directory;

	private final List<Process> started = new ArrayList<>();

	@AfterEach
	void stop() {
		this.started.forEach(Process::destroyForcibly);
	}

	@Test
	void answeredCallsSurviveAKillDuringOtherCalls() throws Exception {
		Path books = this.directory.resolve("books");
		Simulator first = start(books);
		Map<String, String> answered = new ConcurrentHashMap<>();
		try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
			for (int caller = 0; caller < 8; caller++) {
				String prefix = caller + "-";
				callers.execute(() -> authoriseUntilTheProcessIsKilled(first.stripe, prefix, answered));
			}
			await().atMost(Duration.ofMinutes(2)).until(() -> answered.size() > 100);
			first.process.destroyForcibly().waitFor();
		}
		StripeClient again = start(books).stripe;
		for (Map.Entry<String, String> call : answered.entrySet()) {
			assertThat(authorise(again, call.getKey()).getId()).isEqualTo(call.getValue());
		}
	}

	private static void authoriseUntilTheProcessIsKilled(StripeClient stripe, String prefix,
			Map<String, String> answered) {
		try {
			for (int i = 0;; i++) {
				answered.put(prefix + i, authorise(stripe, prefix + i).getId());
			}
		}
		catch (StripeException ex) {
			// The process was killed; the outcome of this call is unknown.
		}
	}

	@Test
	@Tag("slow")
	void aCallCostsTheSameOnTheBooksOfManyOrdersAsOnEmptyOnes() throws Exception {
		Path full = this.directory.resolve("full");
		BooksFixtures.orders(ORDERS, full);
		StripeClient stripe = start(full).stripe;
		assertThat(authorise(stripe, "new").getStatus()).isEqualTo("requires_capture");
		assertThat(stripe.v1().paymentIntents().list().getHasMore()).isTrue();
		stop();
		Map<String, Long> onFull = costs(full);
		Map<String, Long> onEmpty = costs(Files.createDirectory(this.directory.resolve("empty")));
		assertThat(onFull).hasSizeGreaterThan(7)
			.allSatisfy(
					(call, bytes) -> assertThat(bytes.doubleValue() / onEmpty.get(call)).as(call).isBetween(0.8, 1.2));
	}

	private Map<String, Long> costs(Path books) throws IOException, InterruptedException {
		Process process = java(books, "--enable-native-access=ALL-UNNAMED", "-cp",
				System.getProperty("java.class.path"), AllocationBenchmark.class.getName(), books.toString());
		assertThat(process.waitFor()).as(output(books)).isZero();
		return output(books).lines()
			.map((line) -> line.split("="))
			.filter((pair) -> pair.length == 2)
			.collect(Collectors.toMap((pair) -> pair[0], (pair) -> Long.valueOf(pair[1])));
	}

	private record Simulator(Process process, StripeClient stripe) {
	}

	private Simulator start(Path books) throws IOException {
		Process process = java(books, "-jar", jar().toString());
		await().atMost(Duration.ofMinutes(5)).until(() -> {
			assertThat(process.isAlive()).as(output(books)).isTrue();
			return LISTENS.matcher(output(books)).find();
		});
		Matcher listens = LISTENS.matcher(output(books));
		assertThat(listens.find()).isTrue();
		return new Simulator(process,
				StripeClient.builder()
					.setApiKey("sk_test_simulator")
					.setApiBase(listens.group(1))
					.setMaxNetworkRetries(0)
					.build());
	}

	private static Path jar() throws IOException {
		try (Stream<Path> files = Files.list(Path.of("target"))) {
			return files
				.filter((file) -> file.getFileName().toString().matches("payment-simulator-[0-9.]+(-SNAPSHOT)?\\.jar"))
				.findFirst()
				.orElseThrow();
		}
	}

	private Process java(Path books, String... arguments) throws IOException {
		List<String> command = new ArrayList<>(List.of(ProcessHandle.current().info().command().orElseThrow(),
				"-Xmx64m", "-XX:+UseSerialGC", "-XX:+ExitOnOutOfMemoryError"));
		command.addAll(List.of(arguments));
		ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true)
			.redirectOutput(outputFile(books).toFile());
		builder.environment().putAll(Map.of("PORT", "0", "DATA_DIR", books.toString()));
		Process process = builder.start();
		this.started.add(process);
		return process;
	}

	private static Path outputFile(Path books) {
		return books.resolveSibling(books.getFileName() + ".out");
	}

	private static String output(Path books) throws IOException {
		return Files.readString(outputFile(books));
	}

	private static PaymentIntent authorise(StripeClient stripe, String key) throws StripeException {
		return stripe.v1()
			.paymentIntents()
			.create(PaymentIntentCreateParams.builder()
				.setAmount(1999L)
				.setCurrency("eur")
				.setConfirm(true)
				.setCaptureMethod(PaymentIntentCreateParams.CaptureMethod.MANUAL)
				.setPaymentMethod("pm_card_visa")
				.build(), RequestOptions.builder().setIdempotencyKey(key).build());
	}

}
