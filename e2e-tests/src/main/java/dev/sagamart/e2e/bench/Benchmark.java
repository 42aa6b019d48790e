package dev.sagamart.e2e.bench;

import dev.sagamart.e2e.Parts;
import dev.sagamart.e2e.bench.LoadGenerator.Call;
import dev.sagamart.e2e.bench.LoadGenerator.Plan;
import dev.sagamart.e2e.bench.LoadGenerator.Result;
import dev.sagamart.e2e.bench.Options.Phase;
import dev.sagamart.e2e.books.Invariants;
import dev.sagamart.e2e.books.ProviderBooks;
import dev.sagamart.e2e.client.Api;
import dev.sagamart.e2e.client.Api.DemoAccount;
import dev.sagamart.e2e.client.Json;
import dev.sagamart.e2e.client.Money;
import dev.sagamart.e2e.client.Order;
import dev.sagamart.e2e.client.Product;
import dev.sagamart.e2e.client.Reply;
import dev.sagamart.e2e.client.Session;
import dev.sagamart.e2e.client.Stock;
import dev.sagamart.local.PartName;
import dev.sagamart.local.PlatformPorts;
import dev.sagamart.local.PostgresServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Drives the platform phase by phase. See {@link Options#USAGE}. */
public final class Benchmark implements AutoCloseable {

	private static final int PLENTY = 1_000_000;

	private static final int MOST_TIMELINES = 1000;

	private static final Duration DRAIN = Duration.ofSeconds(60);

	private final Options options;

	private final Api api;

	private final HttpClient http = HttpClient.newHttpClient();

	private final PlatformPorts ports = PlatformPorts.defaults().with(System.getenv());

	private final InetSocketAddress server;

	private final Meters meters;

	private final List<Session> users;

	private final Session admin;

	private final List<Product> products;

	private final List<Product> shown;

	private Benchmark(Options options) throws InterruptedException {
		this.options = options;
		this.api = new Api(options.url());
		this.server = new InetSocketAddress(options.url().getHost(),
				(options.url().getPort() > 0) ? options.url().getPort() : 80);
		this.meters = new Meters(this.http, PartName.SERVICES.stream()
			.map((service) -> URI
				.create("http://127.0.0.1:" + this.ports.of(service.text() + "-management") + "/actuator/prometheus"))
			.toList());
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
			Traffic traffic = traffic(new HashMap<>());
			LoadGenerator.drive(this.server, new Plan(0, this.options.connections(), this.options.warmUp()),
					traffic::mixed);
		}
		List<Outcome> outcomes = new ArrayList<>();
		for (Phase phase : this.options.phases()) {
			say("Phase " + phase.word() + " for " + this.options.duration().toSeconds() + " s");
			outcomes.add(run(phase));
		}
		Map<String, String> checks = checks(outcomes);
		System.out.print(Report.of(this.options, outcomes, checks));
		return outcomes.stream().allMatch((outcome) -> outcome.result().failed() == 0)
				&& checks.values().stream().noneMatch((verdict) -> verdict.startsWith("NO"));
	}

	private Outcome run(Phase phase) throws IOException, InterruptedException {
		Map<UUID, Session> accepted = new HashMap<>();
		Traffic traffic = traffic(accepted);
		Usage before = Usage.now(this.options.pidFiles());
		Instant start = Instant.now();
		return switch (phase) {
			case CATALOGUE -> {
				Result result = drive(0, this.options.connections(), traffic::catalogueRead);
				yield outcome(phase, result, null, before);
			}
			case MIXED -> {
				Result result = drive(this.options.mixedRate(), this.options.connections(),
						traffic.mixedWithLogIns(this.options.logInRate()));
				Outcome.Orders orders = settle(accepted, start, new Latencies(), new Backlog(this.meters));
				yield outcome(phase, result, orders, before);
			}
			case LATENCY -> {
				try (Watch watch = new Watch(); Backlog backlog = new Backlog(this.meters)) {
					Traffic watched = new Traffic(this.options.url(), this.users, this.products, this.shown,
							(user, response) -> {
								UUID id = UUID.fromString(Traffic.idOf(response));
								accepted.put(id, user);
								watch.follow(user, id);
							});
					backlog.start();
					Result result = drive(this.options.orderRate(), this.options.orderConnections(), watched::order);
					Latencies seen = watch.finish();
					yield outcome(phase, result, settle(accepted, start, seen, backlog), before);
				}
			}
			case SUSTAINED -> {
				try (Backlog backlog = new Backlog(this.meters)) {
					backlog.start();
					Result result = drive(0, this.options.orderConnections(), traffic::order);
					yield outcome(phase, result, settle(accepted, start, new Latencies(), backlog), before);
				}
			}
		};
	}

	private Result drive(double rate, int connections, Supplier<Call> requests) throws IOException {
		return LoadGenerator.drive(this.server, new Plan(rate, connections, this.options.duration()), requests);
	}

	private Outcome outcome(Phase phase, Result result, Outcome.@Nullable Orders orders, Usage before) {
		Usage after = Usage.now(this.options.pidFiles());
		return new Outcome(phase, result, orders, after.cpuSince(before), after);
	}

	private Traffic traffic(Map<UUID, Session> accepted) {
		return new Traffic(this.options.url(), this.users, this.products, this.shown,
				(user, response) -> accepted.put(UUID.fromString(Traffic.idOf(response)), user));
	}

	/**
	 * Waits until all orders of a phase rest, and tells from their own timestamps how
	 * they got there.
	 */
	private Outcome.Orders settle(Map<UUID, Session> accepted, Instant start, Latencies seen, Backlog backlog)
			throws InterruptedException {
		Instant end = Instant.now().plus(DRAIN);
		while (isAnythingPending() && Instant.now().isBefore(end)) {
			TimeUnit.MILLISECONDS.sleep(100);
		}
		List<Order> confirmed = new ArrayList<>();
		int open = 0;
		Instant last = start;
		for (Order order : ordersSince(start, accepted.keySet())) {
			if (order.status().equals("CONFIRMED")) {
				confirmed.add(order);
				last = order.updatedAt().isAfter(last) ? order.updatedAt() : last;
			}
			else if (!order.isSettled()) {
				open++;
			}
		}
		double seconds = Math.max(0.001, Duration.between(start, last).toMillis() / 1e3);
		return new Outcome.Orders(accepted.size(), confirmed.size(), open, confirmed.size() / seconds,
				confirmationTimes(confirmed, accepted), seen, backlog.outboxPeak(), backlog.lagPeak());
	}

	private boolean isAnythingPending() {
		return !this.admin.read("/api/v1/orders?status=PENDING&pageSize=1").json().path("items").isEmpty();
	}

	/**
	 * How long orders took, from their timelines: of all, or of as many spread evenly as
	 * is bearable. Each buyer reads their own, so that no limit is met.
	 */
	private static Latencies confirmationTimes(List<Order> confirmed, Map<UUID, Session> buyers) {
		Latencies latencies = new Latencies();
		int step = 1 + confirmed.size() / MOST_TIMELINES;
		for (int i = 0; i < confirmed.size(); i += step) {
			Order order = confirmed.get(i);
			Objects.requireNonNull(buyers.get(order.id()))
				.timeline(order)
				.stream()
				.filter((entry) -> entry.state().equals("CONFIRMED"))
				.findFirst()
				.ifPresent((entry) -> latencies.add(Duration.between(order.createdAt(), entry.at()).toNanos()));
		}
		return latencies;
	}

	private List<Order> ordersSince(Instant start, Set<UUID> accepted) {
		List<Order> found = new ArrayList<>();
		String token = "";
		do {
			JsonNode page = this.admin.read("/api/v1/orders?pageSize=100" + token).json();
			List<Order> orders = Json.items(page, Order.class);
			orders.stream().filter((order) -> accepted.contains(order.id())).forEach(found::add);
			boolean older = orders.isEmpty() || orders.getLast().createdAt().isBefore(start);
			String next = page.path("nextPageToken").asString("");
			token = (older || next.isEmpty()) ? "" : "&pageToken=" + next;
		}
		while (!token.isEmpty());
		return found;
	}

	private Map<String, String> checks(List<Outcome> outcomes) throws InterruptedException {
		Map<String, String> checks = new LinkedHashMap<>();
		int accepted = 0;
		int confirmed = 0;
		int open = 0;
		for (Outcome outcome : outcomes) {
			Outcome.Orders orders = outcome.orders();
			if (orders != null) {
				accepted += orders.accepted();
				confirmed += orders.confirmed();
				open += orders.open();
			}
		}
		checks.put("every accepted order is CONFIRMED",
				verdict(accepted == confirmed, accepted + " accepted, " + confirmed + " confirmed, " + open + " open"));
		List<String> wrong = new ArrayList<>();
		for (int attempt = 0; attempt < 20; attempt++) {
			wrong.clear();
			for (Product product : this.products) {
				Stock stock = this.admin.stock(product);
				if (stock.reserved() != 0 || stock.onHand() < 0 || stock.available() != stock.onHand()) {
					wrong.add(product.sku() + " " + stock);
				}
			}
			if (wrong.isEmpty()) {
				break;
			}
			TimeUnit.MILLISECONDS.sleep(500);
		}
		checks.put("no reservation of the benchmark is left open", verdict(wrong.isEmpty(), String.join("; ", wrong)));
		Reply reconciliation = this.admin.get("/api/v1/payments/reconciliation");
		checks.put("payments agree with the provider's books",
				verdict(reconciliation.status() == 200 && agrees(reconciliation.json()), reconciliation.body()));
		checks.put("outbox empty at the end", nothingWaits(this.meters.sum(Backlog.OUTBOX)));
		checks.put("consumers without lag at the end", nothingWaits(this.meters.sum(Backlog.LAG)));
		String password = this.options.databasePassword();
		if (!password.isEmpty()) {
			checks.put("all invariants hold over the schemas and the provider's books", invariants(password));
		}
		return checks;
	}

	private String invariants(String password) {
		String url = "jdbc:postgresql://127.0.0.1:" + this.ports.of(PartName.POSTGRES) + "/" + PostgresServer.DATABASE;
		try (Connection database = DriverManager.getConnection(url, "postgres", password)) {
			List<String> violations = Invariants.violations(database, new ProviderBooks(this.http,
					URI.create("http://127.0.0.1:" + this.ports.of(Parts.PAYMENT_SIMULATOR))));
			return verdict(violations.isEmpty(), violations.isEmpty() ? ""
					: violations.size() + " violations, for instance " + violations.getFirst());
		}
		catch (SQLException ex) {
			return "not checked: " + ex.getMessage();
		}
	}

	/** Whether every currency's figures agree and nothing is unmatched. */
	static boolean agrees(JsonNode node) {
		if (node.isObject() && node.has("providerCaptured")) {
			return node.path("captured").equals(node.path("providerCaptured"))
					&& node.path("refunded").equals(node.path("providerRefunded")) && node.path("unmatched").isEmpty();
		}
		return node.isContainer() && node.valueStream().filter(JsonNode::isContainer).allMatch(Benchmark::agrees);
	}

	/** A figure that no service tells is no good news. */
	static String nothingWaits(double messages) {
		return Double.isNaN(messages) ? "NO: not known" : verdict(messages == 0, "%.0f messages".formatted(messages));
	}

	private static String verdict(boolean holds, String detail) {
		return (holds ? "yes" : "NO") + (detail.isEmpty() ? "" : ": " + detail);
	}

	/** The products of the benchmark, made when missing, each with plenty in stock. */
	private List<Product> stockedProducts() {
		Map<String, Product> known = new HashMap<>();
		String token = "";
		do {
			JsonNode page = this.admin.read("/api/v1/products?category=benchmark&pageSize=100" + token).json();
			Json.items(page, Product.class).forEach((product) -> known.put(product.sku(), product));
			String next = page.path("nextPageToken").asString("");
			token = next.isEmpty() ? "" : "&pageToken=" + next;
		}
		while (!token.isEmpty());
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
		this.api.close();
		this.http.close();
	}

}
