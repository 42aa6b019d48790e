package dev.sagamart.e2e.bench;

import dev.sagamart.e2e.bench.HttpConnection.Response;
import dev.sagamart.e2e.bench.LoadGenerator.Call;
import dev.sagamart.e2e.client.OrderRequest;
import dev.sagamart.e2e.client.Product;
import dev.sagamart.e2e.client.Session;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.io.support.ClassicRequestBuilder;
import tools.jackson.databind.json.JsonMapper;

/**
 * Creates the requests of the phases, from users in turn. Their order is the same in
 * every run.
 */
final class Traffic {

	private static final int ORDERS_REMEMBERED = 2000;

	private final URI url;

	private final List<Session> users;

	private final List<UUID> readable;

	private final List<Product> sold;

	private final List<String> categories;

	private final BiConsumer<Session, UUID> onOrder;

	private final Random random = new Random(42);

	private final List<Placed> placed = new ArrayList<>();

	private int turn;

	private int logIns;

	private record Placed(Session user, UUID id) {
	}

	/**
	 * @param sold the products to order
	 * @param shown more products to read
	 * @param onOrder called for every accepted order
	 */
	Traffic(URI url, List<Session> users, List<Product> sold, List<Product> shown, BiConsumer<Session, UUID> onOrder) {
		this.url = url;
		this.users = List.copyOf(users);
		this.sold = List.copyOf(sold);
		this.readable = Stream.concat(sold.stream(), shown.stream()).map(Product::id).distinct().toList();
		this.categories = Stream.concat(sold.stream(), shown.stream()).map(Product::category).distinct().toList();
		this.onOrder = onOrder;
	}

	/** 70 % single products, 20 % lists, 10 % searches. */
	Call catalogueRead() {
		int dice = this.random.nextInt(10);
		if (dice < 7) {
			return get("product", next(), "/api/v1/products/" + pick(this.readable));
		}
		if (dice < 9) {
			return get("list", next(), "/api/v1/products?category=" + pick(this.categories) + "&sort=price");
		}
		return get("search", next(), "/api/v1/products?q=" + pick(List.of("book", "lamp", "glass", "green", "set")));
	}

	Call order() {
		Session user = next();
		OrderRequest order = OrderRequest.of(pick(this.sold), 1);
		for (int i = this.random.nextInt(3); i > 0; i--) {
			Product product = pick(this.sold);
			if (order.items().stream().noneMatch((line) -> line.productId().equals(product.id()))) {
				order = order.and(product, 1);
			}
		}
		return new Call("order",
				authorised(post("/api/v1/orders", order), user)
					.addHeader("Idempotency-Key", new UUID(this.random.nextLong(), System.nanoTime()).toString())
					.build(),
				(response) -> accepted(user, response));
	}

	private Call logIn() {
		next();
		return new Call("log-in",
				post("/api/v1/sessions",
						Map.of("email", Buyers.email(this.turn + 1), "password", Buyers.password(this.turn + 1)))
					.build());
	}

	/** Mixed traffic with additional log-ins. */
	Supplier<Call> mixedWithLogIns(double perSecond) {
		long start = System.nanoTime();
		return () -> {
			if ((System.nanoTime() - start) / 1e9 * perSecond > this.logIns) {
				this.logIns++;
				return logIn();
			}
			return mixed();
		};
	}

	/** 80 % catalogue, 15 % reads of orders, 5 % orders. */
	Call mixed() {
		int dice = this.random.nextInt(100);
		if (dice < 80) {
			return catalogueRead();
		}
		if (dice < 95) {
			return orderRead();
		}
		return order();
	}

	private Call orderRead() {
		if (this.placed.isEmpty() || this.random.nextInt(3) == 0) {
			return get("order list", next(), "/api/v1/orders?pageSize=10");
		}
		Placed order = pick(this.placed);
		return get("order read", order.user(), "/api/v1/orders/" + order.id());
	}

	private void accepted(Session user, Response response) {
		Placed order = new Placed(user, idOf(response));
		if (this.placed.size() < ORDERS_REMEMBERED) {
			this.placed.add(order);
		}
		else {
			this.placed.set(this.random.nextInt(ORDERS_REMEMBERED), order);
		}
		this.onOrder.accept(user, order.id());
	}

	/** The id is the first field of an order. */
	private static UUID idOf(Response response) {
		String text = response.body();
		int start = text.indexOf("\"id\":\"") + 6;
		return UUID.fromString(text.substring(start, start + 36));
	}

	private ClassicRequestBuilder post(String path, Object content) {
		return ClassicRequestBuilder.post(this.url.resolve(path))
			.setEntity(JsonMapper.shared().writeValueAsString(content), ContentType.APPLICATION_JSON);
	}

	private Call get(String kind, Session user, String path) {
		return new Call(kind, authorised(ClassicRequestBuilder.get(this.url.resolve(path)), user).build());
	}

	private static ClassicRequestBuilder authorised(ClassicRequestBuilder request, Session user) {
		return request.addHeader("Authorization", "Bearer " + user.token());
	}

	private Session next() {
		this.turn = (this.turn + 1) % this.users.size();
		return this.users.get(this.turn);
	}

	private <T> T pick(List<T> list) {
		return list.get(this.random.nextInt(list.size()));
	}

}
