package dev.sagamart.e2e.bench;

import dev.sagamart.e2e.Parts;
import dev.sagamart.e2e.bench.LoadGenerator.Call;
import dev.sagamart.e2e.bench.LoadGenerator.Plan;
import dev.sagamart.e2e.bench.LoadGenerator.Result;
import dev.sagamart.e2e.bench.Options.Phase;
import dev.sagamart.e2e.books.ProviderBooks;
import dev.sagamart.e2e.client.Api.DemoAccount;
import dev.sagamart.e2e.client.Api;
import dev.sagamart.e2e.client.Money;
import dev.sagamart.e2e.client.Product;
import dev.sagamart.e2e.client.Session;
import dev.sagamart.local.PartName;
import dev.sagamart.local.PlatformPorts;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.Supplier;

/** Main class of the benchmark. */
public final class Benchmark implements AutoCloseable {

	private static final int INITIAL_STOCK = 1_000_000;

	private final Options options;

	private final Api api;

	private final PlatformPorts ports = PlatformPorts.defaults().with(System.getenv());

	private final InetSocketAddress server;

	private final ServiceMetrics metrics;

	private final Database database;

	private final Counters counters;

	private final List<Session> users;

	private final Session admin;

	private final List<Product> products;

	private final List<Product> shown;

	private Benchmark(Options options) {
		this.options = options;
		this.api = new Api(options.url());
		this.server = new InetSocketAddress(options.url().getHost(),
				(options.url().getPort() > 0) ? options.url().getPort() : 80);
		this.metrics = new ServiceMetrics(this.api.anonymous(),
				PartName.SERVICES.stream()
					.map((service) -> "http://127.0.0.1:" + this.ports.of(service.text() + "-management")
							+ "/actuator/prometheus")
					.toList());
		this.database = new Database(this.ports.of(PartName.POSTGRES), options.databasePassword());
		this.counters = new Counters(this.database, JvmCounters.attach(options.pidFiles()));
		this.admin = this.api.login(DemoAccount.ADMIN);
		log("Stocking " + options.products() + " products");
		this.shown = this.admin.products("?pageSize=100");
		this.products = stockedProducts();
		log("Logging " + options.users() + " buyers in");
		this.users = Buyers.logIn(this.api, options.users());
	}

	public static void main(String[] args) throws IOException, InterruptedException {
		Locale.setDefault(Locale.ROOT);
		Options options;
		try {
			options = Options.parse(args);
		}
		catch (IllegalArgumentException ex) {
			System.err.println(ex.getMessage() + ". See --help.");
			System.exit(2);
			return;
		}
		boolean passed;
		try (Benchmark benchmark = new Benchmark(options)) {
			passed = benchmark.run();
		}
		catch (UncheckedIOException ex) {
			System.err.println("The platform at " + options.url() + " does not answer. Start it with ./run-local.");
			System.exit(1);
			return;
		}
		System.exit(passed ? 0 : 1);
	}

	private boolean run() throws IOException, InterruptedException {
		if (this.options.warmUp().isPositive()) {
			log("Warming up for " + this.options.warmUp().toSeconds() + " s");
			PlacedOrders orders = new PlacedOrders(this.admin);
			LoadGenerator.drive(this.server, new Plan(0, this.options.connections(), this.options.warmUp()),
					traffic(orders::add)::mixed);
			orders.awaitEnd();
		}
		Counters.awaitReports();
		List<Supplier<Outcome>> pendingOutcomes = new ArrayList<>();
		for (Phase phase : this.options.phases()) {
			log("Phase " + phase.optionName() + " for " + this.options.duration().toSeconds() + " s");
			pendingOutcomes.add(run(phase));
		}
		List<Outcome> outcomes = pendingOutcomes.stream().map(Supplier::get).toList();
		Map<String, String> checks = new Checks(this.admin, this.products, this.metrics, this.database,
				new ProviderBooks(URI.create("http://127.0.0.1:" + this.ports.of(Parts.PAYMENT_SIMULATOR))))
			.verdicts(outcomes);
		System.out.print(Report.of(this.options, outcomes, checks));
		return outcomes.stream().allMatch((outcome) -> outcome.result().failed() == 0)
				&& checks.values().stream().noneMatch((verdict) -> verdict.startsWith("NO"));
	}

	/**
	 * The returned supplier reads the orders of the phase. Call it after all phases,
	 * because these requests must not count for any phase.
	 */
	private Supplier<Outcome> run(Phase phase) throws IOException, InterruptedException {
		PlacedOrders orders = new PlacedOrders(this.admin);
		CounterValues counts = this.counters.read();
		ProcessUsage usage = ProcessUsage.now(this.options.pidFiles());
		long start = System.nanoTime();
		Result result;
		Latencies seen;
		Backlog backlog = new Backlog(this.metrics);
		try (backlog; ConfirmationTimer timer = new ConfirmationTimer()) {
			if (phase.isAllOrders()) {
				backlog.start();
			}
			result = drive(phase, traffic((user, id) -> {
				orders.add(user, id);
				if (phase == Phase.LATENCY) {
					timer.follow(user, id);
				}
			}));
			seen = timer.finish();
			orders.awaitEnd();
		}
		double seconds = (System.nanoTime() - start) / 1e9;
		ProcessUsage after = ProcessUsage.now(this.options.pidFiles());
		Counters.awaitReports();
		CounterValues counted = this.counters.read().since(counts);
		return () -> new Outcome(phase, result,
				(phase == Phase.MIXED || phase.isAllOrders()) ? orders.evaluate(seen, backlog) : null,
				after.cpuSince(usage), after, counted, seconds);
	}

	private Result drive(Phase phase, Traffic traffic) throws IOException, InterruptedException {
		return switch (phase) {
			case IDLE -> {
				TimeUnit.MILLISECONDS.sleep(this.options.duration().toMillis());
				yield new Result(Map.of(), Map.of(), 0);
			}
			case CATALOGUE -> drive(0, this.options.connections(), traffic::catalogueRead);
			case MIXED -> drive(this.options.mixedRate(), this.options.connections(),
					traffic.mixedWithLogIns(this.options.logInRate()));
			case LATENCY -> drive(this.options.orderRate(), this.options.orderConnections(), traffic::order);
			case SUSTAINED -> drive(0, this.options.orderConnections(), traffic::order);
		};
	}

	private Result drive(double rate, int connections, Supplier<Call> requests)
			throws IOException, InterruptedException {
		return LoadGenerator.drive(this.server, new Plan(rate, connections, this.options.duration()), requests);
	}

	private Traffic traffic(BiConsumer<Session, UUID> onOrder) {
		return new Traffic(this.options.url(), this.users, this.products, this.shown, onOrder);
	}

	/** Returns the products of the benchmark with enough stock; creates missing ones. */
	private List<Product> stockedProducts() {
		Map<String, Product> known = new HashMap<>();
		this.admin.all("/api/v1/products?category=benchmark&pageSize=100", Product.class)
			.forEach((product) -> known.put(product.sku(), product));
		List<Product> stocked = new ArrayList<>();
		for (int i = 1; i <= this.options.products(); i++) {
			String sku = "BENCHMARK-%03d".formatted(i);
			Product product = known.get(sku);
			if (product == null) {
				product = this.admin.createProduct(sku, "Benchmark article " + i, "benchmark", Money.eur(500 + i),
						INITIAL_STOCK);
			}
			else if (this.admin.stock(product).available() < INITIAL_STOCK / 2) {
				this.admin.adjustStock(product.id(), INITIAL_STOCK / 2);
			}
			stocked.add(product);
		}
		return stocked;
	}

	private static void log(String line) {
		System.err.println(line + " …");
	}

	@Override
	public void close() {
		this.counters.close();
		this.api.close();
	}

}
