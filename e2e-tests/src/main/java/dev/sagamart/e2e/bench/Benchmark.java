package dev.sagamart.e2e.bench;

import dev.sagamart.e2e.Parts;
import dev.sagamart.e2e.bench.LoadGenerator.Call;
import dev.sagamart.e2e.bench.LoadGenerator.Plan;
import dev.sagamart.e2e.bench.LoadGenerator.Result;
import dev.sagamart.e2e.bench.Options.Phase;
import dev.sagamart.e2e.bench.HttpConnection.Response;
import dev.sagamart.e2e.books.ProviderBooks;
import dev.sagamart.e2e.client.Api;
import dev.sagamart.e2e.client.Api.DemoAccount;
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

/** Drives the platform phase by phase. See {@link Options#USAGE}. */
public final class Benchmark implements AutoCloseable {

	private static final int PLENTY = 1_000_000;

	private final Options options;

	private final Api api;

	private final PlatformPorts ports = PlatformPorts.defaults().with(System.getenv());

	private final InetSocketAddress server;

	private final Meters meters;

	private final Database database;

	private final Counters counters;

	private final List<Session> users;

	private final Session admin;

	private final List<Product> products;

	private final List<Product> shown;

	private Benchmark(Options options) throws InterruptedException {
		this.options = options;
		this.api = new Api(options.url());
		this.server = new InetSocketAddress(options.url().getHost(),
				(options.url().getPort() > 0) ? options.url().getPort() : 80);
		this.meters = new Meters(this.api.anonymous(),
				PartName.SERVICES.stream()
					.map((service) -> "http://127.0.0.1:" + this.ports.of(service.text() + "-management")
							+ "/actuator/prometheus")
					.toList());
		this.database = new Database(this.ports.of(PartName.POSTGRES), options.databasePassword());
		this.counters = new Counters(this.database, options.pidFiles());
		this.admin = this.api.login(DemoAccount.ADMIN);
		say("Stocking " + options.products() + " products");
		this.shown = this.admin.products("?pageSize=100");
		this.products = stockedProducts();
		say("Logging " + options.users() + " buyers in");
		this.users = Buyers.logIn(this.api, options.users());
	}

	public static void main(String[] args) throws IOException, InterruptedException {
		Locale.setDefault(Locale.ROOT);
		if (List.of(args).contains("--help")) {
			System.out.print(Options.USAGE);
			return;
		}
		Options options;
		try {
			options = Options.parse(args);
		}
		catch (IllegalArgumentException ex) {
			System.err.println(ex.getMessage() + ". Try --help.");
			System.exit(2);
			return;
		}
		boolean sound;
		try (Benchmark benchmark = new Benchmark(options)) {
			sound = benchmark.run();
		}
		catch (UncheckedIOException ex) {
			System.err.println("The platform at " + options.url() + " does not answer. Is ./run-local up?");
			System.exit(1);
			return;
		}
		System.exit(sound ? 0 : 1);
	}

	private boolean run() throws IOException, InterruptedException {
		if (this.options.warmUp().isPositive()) {
			say("Warming up for " + this.options.warmUp().toSeconds() + " s");
			PlacedOrders orders = new PlacedOrders(this.admin);
			LoadGenerator.drive(this.server, new Plan(0, this.options.connections(), this.options.warmUp()),
					traffic(orders::add)::mixed);
			orders.awaitEnd();
		}
		Counters.rest();
		List<Supplier<Outcome>> driven = new ArrayList<>();
		for (Phase phase : this.options.phases()) {
			say("Phase " + phase.word() + " for " + this.options.duration().toSeconds() + " s");
			driven.add(run(phase));
		}
		List<Outcome> outcomes = driven.stream().map(Supplier::get).toList();
		Map<String, String> checks = new Checks(this.admin, this.products, this.meters, this.database,
				new ProviderBooks(URI.create("http://127.0.0.1:" + this.ports.of(Parts.PAYMENT_SIMULATOR))))
			.verdicts(outcomes);
		System.out.print(Report.of(this.options, outcomes, checks));
		return outcomes.stream().allMatch((outcome) -> outcome.result().failed() == 0)
				&& checks.values().stream().noneMatch((verdict) -> verdict.startsWith("NO"));
	}

	/**
	 * The orders are looked at when that is asked for: after all phases, so that none
	 * counts it.
	 */
	private Supplier<Outcome> run(Phase phase) throws IOException, InterruptedException {
		PlacedOrders orders = new PlacedOrders(this.admin);
		Counts counts = this.counters.now();
		Usage usage = Usage.now(this.options.pidFiles());
		long start = System.nanoTime();
		Result result;
		Latencies seen;
		Backlog backlog = new Backlog(this.meters);
		try (backlog; Watch watch = new Watch()) {
			if (phase.isAllOrders()) {
				backlog.start();
			}
			result = drive(phase, traffic((user, response) -> {
				UUID id = orders.add(user, response);
				if (phase == Phase.LATENCY) {
					watch.follow(user, id);
				}
			}));
			seen = watch.finish();
			orders.awaitEnd();
		}
		double seconds = (System.nanoTime() - start) / 1e9;
		Usage after = Usage.now(this.options.pidFiles());
		Counters.rest();
		Outcome.Counted counted = new Outcome.Counted(this.counters.now().since(counts), seconds);
		return () -> new Outcome(phase, result,
				(phase == Phase.MIXED || phase.isAllOrders()) ? orders.look(seen, backlog) : null,
				after.cpuSince(usage), after, counted);
	}

	private Result drive(Phase phase, Traffic traffic) throws IOException, InterruptedException {
		return switch (phase) {
			case IDLE -> {
				TimeUnit.MILLISECONDS.sleep(this.options.duration().toMillis());
				yield new Result();
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

	private Traffic traffic(BiConsumer<Session, Response> onOrder) {
		return new Traffic(this.options.url(), this.users, this.products, this.shown, onOrder);
	}

	/** The products of the benchmark, made when missing, each with plenty in stock. */
	private List<Product> stockedProducts() {
		Map<String, Product> known = new HashMap<>();
		this.admin.all("/api/v1/products?category=benchmark&pageSize=100", Product.class)
			.forEach((product) -> known.put(product.sku(), product));
		List<Product> stocked = new ArrayList<>();
		for (int i = 1; i <= this.options.products(); i++) {
			String sku = "BENCHMARK-%03d".formatted(i);
			Product product = known.get(sku);
			if (product == null) {
				product = newProduct(sku, "Benchmark article " + i, Money.eur(500 + i));
			}
			else if (this.admin.stock(product).available() < PLENTY / 2) {
				this.admin.adjustStock(product.id(), PLENTY / 2);
			}
			stocked.add(product);
		}
		return stocked;
	}

	private Product newProduct(String sku, String name, Money price) {
		Map<String, Object> product = Map.of("sku", sku, "name", name, "description",
				"An article that only the benchmark buys.", "category", "benchmark", "price", price, "initialStock",
				PLENTY);
		return Api.patiently(() -> this.admin.post("/api/v1/products", product)).expect(201).as(Product.class);
	}

	private static void say(String line) {
		System.err.println(line + " …");
	}

	@Override
	public void close() {
		this.counters.close();
		this.api.close();
	}

}
