package dev.sagamart.orders.order.web;

import dev.sagamart.events.Money;
import dev.sagamart.orders.order.Address;
import dev.sagamart.orders.order.Order;
import dev.sagamart.orders.order.OrderStatus;
import dev.sagamart.orders.order.Orders;
import dev.sagamart.orders.order.Placement.Accepted;
import dev.sagamart.orders.order.Placement.BuyerErased;
import dev.sagamart.orders.order.Placement.TooManyDeclines;
import dev.sagamart.orders.order.Placement.TooManyOpen;
import dev.sagamart.orders.order.Placement;
import dev.sagamart.orders.order.Quotation.MixedCurrencies;
import dev.sagamart.orders.order.Quotation.NotChargeable;
import dev.sagamart.orders.order.Quotation.NotSold;
import dev.sagamart.orders.order.Quotation.PriceUnknown;
import dev.sagamart.orders.order.Quotation.Quoted;
import dev.sagamart.orders.order.Quotation.TotalTooLarge;
import dev.sagamart.orders.order.Quotation;
import dev.sagamart.orders.pricing.PriceList;
import dev.sagamart.orders.pricing.Prices;
import dev.sagamart.orders.saga.SagaCoordinator;
import dev.sagamart.platform.database.ReplicaReads;
import dev.sagamart.platform.openapi.Answers;
import dev.sagamart.platform.problem.FieldProblem;
import dev.sagamart.platform.problem.ProblemException;
import dev.sagamart.platform.security.Caller;
import dev.sagamart.platform.web.IdempotentRequests;
import dev.sagamart.platform.web.Page;
import dev.sagamart.platform.web.PageQuery;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.validation.Valid;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

@RestController
@RequestMapping("/api/v1/orders")
class OrderController {

	private final Orders orders;

	private final SagaCoordinator saga;

	private final PriceList priceList;

	private final IdempotentRequests idempotentRequests;

	private final ReplicaReads replica;

	private final MeterRegistry meters;

	OrderController(Orders orders, SagaCoordinator saga, PriceList priceList, IdempotentRequests idempotentRequests,
			ReplicaReads replica, MeterRegistry meters) {
		this.orders = orders;
		this.saga = saga;
		this.priceList = priceList;
		this.idempotentRequests = idempotentRequests;
		this.replica = replica;
		this.meters = meters;
	}

	/**
	 * Accepts an order. Prices are looked up before the transaction begins, so that a
	 * slow catalogue holds no database connection.
	 */
	@PostMapping
	@Answers(value = { 201, 429 }, body = OrderResponse.class)
	ResponseEntity<?> place(Caller caller, @RequestHeader("Idempotency-Key") String idempotencyKey,
			@Valid @RequestBody PlaceOrderRequest request, HttpServletResponse response) {
		SequencedMap<UUID, Integer> quantities = quantities(request);
		Prices prices = this.priceList.lookUp(quantities.keySet());
		return this.idempotentRequests.run(idempotencyKey, request, () -> {
			Order order = accepted(this.saga.place(caller.userId(), quoted(Quotation.of(quantities, prices)),
					Address.of(request.shippingAddress()), request.paymentMethod()), response);
			return ResponseEntity.created(URI.create("/api/v1/orders/" + order.id())).body(OrderResponse.from(order));
		});
	}

	private Order accepted(Placement placement, HttpServletResponse response) {
		return switch (placement) {
			case Accepted accepted -> accepted.order();
			case BuyerErased _ ->
				throw ProblemException.of(HttpStatus.UNAUTHORIZED, "INVALID_TOKEN", "This account no longer exists.");
			case TooManyOpen _ -> throw tooMany("open", "TOO_MANY_OPEN_ORDERS",
					"Too many of your orders are not decided yet. Try again when they are.", 1, response);
			case TooManyDeclines _ -> throw tooMany("declined", "TOO_MANY_DECLINES",
					"Too many of your payments were declined. Try again later.", 60, response);
		};
	}

	private ProblemException tooMany(String limit, String code, String detail, int seconds,
			HttpServletResponse response) {
		Counter.builder("sagamart.orders.refused")
			.description("Orders that were refused because their buyer had too many")
			.tag("limit", limit)
			.register(this.meters)
			.increment();
		response.setHeader(HttpHeaders.RETRY_AFTER, String.valueOf(seconds));
		return ProblemException.of(HttpStatus.TOO_MANY_REQUESTS, code, detail);
	}

	@GetMapping("/{id}")
	OrderResponse get(Caller caller, @PathVariable UUID id) {
		return this.orders.findById(id)
			.filter((order) -> caller.maySee(order.userId()))
			.map(OrderResponse::from)
			.orElseThrow(() -> ProblemException.notFound("There is no such order."));
	}

	/**
	 * The caller's own orders; an administrator sees everybody's, or those of one user.
	 */
	@GetMapping
	Page<OrderResponse> list(Caller caller, @RequestParam(required = false) @Nullable OrderStatus status,
			@RequestParam(required = false) @Nullable UUID userId, PageQuery query) {
		if (!caller.isAdmin() && userId != null && !userId.equals(caller.userId())) {
			throw ProblemException.of(HttpStatus.FORBIDDEN, "ACCESS_DENIED",
					"Only an administrator may ask for others.");
		}
		UUID owner = caller.isAdmin() ? userId : caller.userId();
		Supplier<List<Order>> reading = () -> this.orders.list(owner, status, query.afterId(), query.fetchSize());
		// Whoever has placed an order finds it at once.
		List<Order> rows = caller.userId().equals(owner) ? reading.get() : this.replica.read(reading);
		return Page.of(rows, query, OrderResponse::from, (order) -> List.of(order.id().toString()));
	}

	private static SequencedMap<UUID, Integer> quantities(PlaceOrderRequest request) {
		SequencedMap<UUID, Integer> quantities = new LinkedHashMap<>();
		for (PlaceOrderRequest.Item item : request.items()) {
			if (quantities.putIfAbsent(item.productId(), item.quantity()) != null) {
				throw ProblemException
					.invalid(new FieldProblem("items[" + quantities.size() + "].productId", "is in the order already"));
			}
		}
		return quantities;
	}

	private static List<Order.Line> quoted(Quotation quotation) {
		return switch (quotation) {
			case Quoted quoted -> quoted.lines();
			case NotSold(Set<UUID> productIds) -> throw ProblemException.unprocessable("PRODUCT_UNAVAILABLE",
					"These products are not sold: " + productIds);
			case PriceUnknown _ -> throw ProblemException.of(HttpStatus.SERVICE_UNAVAILABLE, "CATALOGUE_UNAVAILABLE",
					"The price of a product cannot be found out at the moment.");
			case MixedCurrencies _ ->
				throw ProblemException.unprocessable("MIXED_CURRENCIES", "All products of an order need one currency.");
			case TotalTooLarge _ ->
				throw ProblemException.unprocessable("TOTAL_TOO_LARGE", "The total of the order is too large.");
			case NotChargeable(Money total) -> throw ProblemException.unprocessable("AMOUNT_NOT_CHARGEABLE",
					"Nobody can be charged " + total.amount() + " minor units of " + total.currency() + ".");
		};
	}

}
