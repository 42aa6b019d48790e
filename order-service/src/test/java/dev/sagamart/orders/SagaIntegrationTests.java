package dev.sagamart.orders;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sagamart.events.FailureCode;
import dev.sagamart.events.Money;
import dev.sagamart.events.OrderEvent;
import dev.sagamart.events.OrderLine;
import dev.sagamart.events.PaymentCommand;
import dev.sagamart.events.PaymentEvent;
import dev.sagamart.events.StockCommand;
import dev.sagamart.events.StockEvent;
import dev.sagamart.events.Topics;
import dev.sagamart.orders.saga.RunningSaga;
import dev.sagamart.orders.saga.RunningSagas;
import dev.sagamart.orders.saga.SagaCoordinator;
import dev.sagamart.orders.saga.SagaCoordinator.Incoming;
import dev.sagamart.orders.saga.SagaFilter;
import dev.sagamart.orders.saga.SagaMessage;
import dev.sagamart.platform.messaging.MessageContext;
import dev.sagamart.platform.test.KafkaMessages;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.http.HttpMethod;
import org.springframework.transaction.support.TransactionTemplate;

/** Orders on their way, through HTTP and Kafka. */
class SagaIntegrationTests extends OrderServiceTest {

	@Autowired
	private RunningSagas running;

	@Autowired
	private TransactionTemplate transaction;

	@Autowired
	SagaCoordinator coordinator;

	@Autowired
	MeterRegistry meters;

	@Test
	void carriesAnOrderToItsDelivery() {
		UUID product = product("A book", 1999, "EUR");
		Answer placed = place(orderOf(List.of(item(product, 2)))).expect(201);
		UUID order = UUID.fromString(placed.text("id"));
		assertThat(placed.text("status")).isEqualTo("PENDING");

		assertThat(this.kafka.await(StockCommand.ReserveStock.class, order).lines())
			.containsExactly(new OrderLine(product, 2, new Money(1999, "EUR")));
		this.kafka.send(new StockEvent.StockReserved(order));

		PaymentCommand.AuthorisePayment authorise = this.kafka.await(PaymentCommand.AuthorisePayment.class, order);
		assertThat(authorise.amount()).isEqualTo(new Money(3998, "EUR"));
		assertThat(authorise.paymentMethod()).isEqualTo("pm_card_visa");
		assertThat(authorise.userId()).isEqualTo(this.buyer);
		captured(authorised(order));
		this.kafka.send(new StockEvent.StockSold(order));
		Awaitility.await().until(() -> timeline(order).contains("STOCK_SOLD"));

		postAsAdmin("/api/v1/orders/" + order + "/delivery").expect(409, "ORDER_NOT_DELIVERABLE");
		assertThat(postAsAdmin("/api/v1/orders/" + order + "/shipment").expect(200).text("status"))
			.isEqualTo("SHIPPED");
		assertThat(shipment(order)).isEqualTo("SENT");
		post("/api/v1/orders/" + order + "/cancellation").expect(409, "ORDER_NOT_CANCELLABLE");
		assertThat(postAsAdmin("/api/v1/orders/" + order + "/delivery").expect(200).text("status"))
			.isEqualTo("DELIVERED");
		assertThat(shipment(order)).isEqualTo("DELIVERED");

		assertThat(timeline(order)).containsExactly("ORDER_PLACED", "STOCK_RESERVED", "PAYMENT_AUTHORISED",
				"SHIPMENT_BOOKED", "PAYMENT_CAPTURED", "STOCK_SOLD", "PARCEL_SENT", "PARCEL_DELIVERED");
		this.kafka.await(OrderEvent.OrderDelivered.class, order);
		List<OrderEvent> events = this.kafka.received(OrderEvent.class, order);
		assertThat(events).extracting((event) -> event.getClass().getSimpleName())
			.containsExactly("OrderPlaced", "OrderConfirmed", "OrderShipped", "OrderDelivered");
		assertThat(events).extracting(OrderEvent::sequence).containsExactly(1, 2, 3, 4);
		assertThat(this.meters.get("sagamart.saga.confirmation").timer().count()).isPositive();
	}

	@Test
	void tellsALongStoryInPages() {
		UUID order = placed();
		this.jdbc.sql("""
				INSERT INTO saga_step (order_id, sequence, at, service, type, state, detail, trace_id)
				SELECT order_id, n, at, service, type, state, detail, trace_id
				FROM saga_step, generate_series(2, 1200) n WHERE order_id = ?""").param(order).update();
		String timeline = "/api/v1/orders/" + order + "/timeline";
		Answer whole = get(timeline).expect(200);
		assertThat(whole.at("items")).hasSize(1_000);
		Answer rest = get(timeline + "?pageToken=" + whole.text("nextPageToken")).expect(200);
		assertThat(rest.at("items")).hasSize(200);
		assertThat(rest.text("items.0.sequence")).isEqualTo("1001");
		assertThat(rest.at("nextPageToken").isNull()).isTrue();
		Answer some = get(timeline + "?pageSize=3").expect(200);
		assertThat(some.at("items").valueStream().map((item) -> item.get("sequence").asInt())).containsExactly(1, 2, 3);
		assertThat(get(timeline + "?pageSize=3&pageToken=" + some.text("nextPageToken")).text("items.0.sequence"))
			.isEqualTo("4");
		get(timeline + "?pageSize=0").expect(400, "INVALID_PAGE_SIZE");
		get(timeline + "?pageToken=bm9uc2Vuc2U").expect(400, "INVALID_PAGE_TOKEN");
		get(timeline + "?pageSize=&pageToken=").expect(200);
	}

	@Test
	void rejectsWhatIsOutOfStock() {
		UUID order = placed();
		this.kafka.send(new StockEvent.StockRejected(order, FailureCode.OUT_OF_STOCK, UUID.randomUUID(), "Sold out."));
		awaitRejected(order, FailureCode.OUT_OF_STOCK);
		assertThat(get("/api/v1/orders/" + order).text("failure.message")).isEqualTo("Sold out.");
		OrderEvent.OrderRejected event = this.kafka.await(OrderEvent.OrderRejected.class, order);
		assertThat(event.sequence()).isEqualTo(2);
		assertThat(event.code()).isEqualTo(FailureCode.OUT_OF_STOCK);
		assertThat(this.kafka.received(PaymentCommand.class, order)).isEmpty();
		post("/api/v1/orders/" + order + "/cancellation").expect(409, "ORDER_NOT_CANCELLABLE");
	}

	@Test
	void releasesStockWhenPaymentIsDeclined() {
		UUID order = reserved(placed());
		this.kafka.send(new PaymentEvent.PaymentDeclined(order, payment(order), "insufficient_funds"));
		released(order);
		awaitRejected(order, FailureCode.PAYMENT_DECLINED);
		assertThat(get("/api/v1/orders/" + order).text("failure.message"))
			.isEqualTo("The card has insufficient funds.");
		assertThat(timeline(order)).containsExactly("ORDER_PLACED", "STOCK_RESERVED", "PAYMENT_DECLINED",
				"STOCK_RELEASED");
	}

	/** Also if payment-service should let it out. */
	@Test
	void keepsTheBanksReasonFromTheBuyer() {
		UUID order = reserved(placed());
		this.kafka.send(new PaymentEvent.PaymentDeclined(order, payment(order), "stolen_card"));
		released(order);
		awaitRejected(order, FailureCode.PAYMENT_DECLINED);
		assertThat(get("/api/v1/orders/" + order).text("failure.message")).isEqualTo("The card was declined.");
		assertThat(get("/api/v1/orders/" + order + "/timeline").text("items.2.detail")).startsWith("card_declined");
		assertThat(this.kafka.await(OrderEvent.OrderRejected.class, order).message())
			.isEqualTo("The card was declined.");
		assertThat(this.jdbc.sql("SELECT count(*) FROM saga_step WHERE detail LIKE '%stolen%'")
			.query(Integer.class)
			.single()).isZero();
	}

	@Test
	void shipsToWhereThereAreNoPostalCodes() {
		UUID product = product("A book", 1999, "EUR");
		Map<String, Object> body = new HashMap<>(orderOf(List.of(item(product, 2))));
		body.put("shippingAddress",
				Map.of("recipient", "Ada Lovelace", "line1", "Tower 1", "city", "Dubai", "country", "AE"));
		UUID order = UUID.fromString(place(body).expect(201).text("id"));
		this.kafka.await(StockCommand.ReserveStock.class, order);
		captured(authorised(reserved(order)));
		assertThat(shipment(order)).isEqualTo("BOOKED");
	}

	@Test
	void findsNobodyToDeliverThereWhateverBlanksAreAroundIt() {
		UUID order = reserved(placed(" 00000\u00A0"));
		this.kafka.send(new PaymentEvent.PaymentAuthorised(order, payment(order), new Money(3998, "EUR")));
		voided(order);
		released(order);
		awaitRejected(order, FailureCode.SHIPMENT_REFUSED);
	}

	@Test
	void voidsThePaymentWhenNothingCanBeDeliveredThere() {
		UUID order = reserved(placed("00000"));
		this.kafka.send(new PaymentEvent.PaymentAuthorised(order, payment(order), new Money(3998, "EUR")));
		voided(order);
		released(order);
		awaitRejected(order, FailureCode.SHIPMENT_REFUSED);
		assertThat(this.kafka.received(PaymentCommand.CapturePayment.class, order)).isEmpty();
	}

	@Test
	void undoesEverythingWhenCaptureIsDeclined() {
		UUID order = authorised(reserved(placed()));
		assertThat(shipment(order)).isEqualTo("BOOKED");
		this.kafka.send(new PaymentEvent.CaptureDeclined(order, payment(order), "expired"));
		voided(order);
		released(order);
		awaitRejected(order, FailureCode.PAYMENT_DECLINED);
		assertThat(shipment(order)).isEqualTo("CANCELLED");
	}

	@Test
	void givesUpOnStockAfterTheDeadline() {
		UUID order = placed();
		letDeadlinePass(order);
		this.kafka.await(StockCommand.ReleaseStock.class, order);
		this.kafka.send(new StockEvent.StockReserved(order));
		released(order);
		awaitRejected(order, FailureCode.TIMED_OUT);
		assertThat(this.kafka.received(PaymentCommand.class, order)).isEmpty();
		assertThat(timeline(order)).containsExactly("ORDER_PLACED", "DEADLINE_PASSED", "STOCK_RELEASED");
	}

	@Test
	void givesUpOnAPaymentAfterTheDeadline() {
		UUID order = reserved(placed());
		letDeadlinePass(order);
		this.kafka.await(PaymentCommand.VoidPayment.class, order);
		this.kafka.send(new PaymentEvent.PaymentAuthorised(order, payment(order), new Money(3998, "EUR")));
		voided(order);
		released(order);
		awaitRejected(order, FailureCode.PAYMENT_UNAVAILABLE);
		assertThat(this.kafka.received(PaymentCommand.CapturePayment.class, order)).isEmpty();
	}

	@Test
	void asksForACaptureUntilItIsAnswered() {
		UUID order = authorised(reserved(placed()));
		for (int attempt = 2; attempt <= 3; attempt++) {
			letDeadlinePass(order);
			this.kafka.await(PaymentCommand.CapturePayment.class, order, attempt);
		}
		assertThat(getAsAdmin("/api/v1/operations/sagas?stuck=true&state=CAPTURING_PAYMENT").at("items")
			.valueStream()
			.map((item) -> item.get("orderId").asString())).contains(order.toString());
		captured(order);
		assertThat(timeline(order)).containsExactly("ORDER_PLACED", "STOCK_RESERVED", "PAYMENT_AUTHORISED",
				"SHIPMENT_BOOKED", "DEADLINE_PASSED", "DEADLINE_PASSED", "PAYMENT_CAPTURED");
	}

	@Test
	void waitsTwiceAsLongWithEveryAttempt() {
		UUID order = authorised(reserved(placed()));
		letDeadlinePass(order);
		this.kafka.await(PaymentCommand.CapturePayment.class, order, 2);
		double seconds = this.jdbc.sql("SELECT extract(epoch FROM deadline - updated_at) FROM orders WHERE id = ?")
			.param(order)
			.query(Double.class)
			.single();
		assertThat(seconds).isBetween(30.0, 59.0);
		captured(order);
	}

	@Test
	void cancelsAnOrderWhoseStockIsBeingReserved() {
		UUID order = placed();
		assertThat(post("/api/v1/orders/" + order + "/cancellation").expect(202).text("status"))
			.isEqualTo("CANCELLING");
		assertThat(post("/api/v1/orders/" + order + "/cancellation").expect(202).text("status"))
			.isEqualTo("CANCELLING");
		released(order);
		assertThat(awaitStatus(order, "CANCELLED").text("failure.code")).isEqualTo("CANCELLED_BY_CUSTOMER");
		assertThat(this.kafka.await(OrderEvent.OrderCancelled.class, order).sequence()).isEqualTo(2);
		assertThat(timeline(order)).containsExactly("ORDER_PLACED", "CANCELLATION_REQUESTED", "STOCK_RELEASED");
	}

	@Test
	void cancelsAnOrderWhosePaymentIsBeingAuthorised() {
		UUID order = reserved(placed());
		post("/api/v1/orders/" + order + "/cancellation").expect(202);
		voided(order);
		released(order);
		awaitStatus(order, "CANCELLED");
	}

	@Test
	void remembersACancellationUntilTheCaptureIsAnswered() {
		UUID order = authorised(reserved(placed()));
		post("/api/v1/orders/" + order + "/cancellation").expect(202);
		assertThat(this.kafka.received(PaymentCommand.RefundPayment.class, order)).isEmpty();
		this.kafka.send(capture(order));
		refunded(order);
		returned(order);
		awaitStatus(order, "CANCELLED");
		assertThat(shipment(order)).isEqualTo("CANCELLED");
		assertThat(this.kafka.received(OrderEvent.OrderConfirmed.class, order)).isEmpty();
	}

	@Test
	void paysBackAConfirmedOrderThatIsCancelled() {
		UUID order = confirmed();
		assertThat(post("/api/v1/orders/" + order + "/cancellation").expect(202).text("status"))
			.isEqualTo("CANCELLING");
		this.kafka.await(PaymentCommand.RefundPayment.class, order);
		this.kafka.send(new PaymentEvent.PaymentRefunded(order, payment(order), new Money(1000, "EUR"),
				new Money(2998, "EUR")));
		refunded(order);
		returned(order);
		awaitStatus(order, "CANCELLED");
		assertThat(timeline(order)).containsExactly("ORDER_PLACED", "STOCK_RESERVED", "PAYMENT_AUTHORISED",
				"SHIPMENT_BOOKED", "PAYMENT_CAPTURED", "CANCELLATION_REQUESTED", "SHIPMENT_CANCELLED",
				"PAYMENT_REFUNDED", "STOCK_RETURNED");
	}

	@Test
	void takesNoNoticeOfDuplicatesAndOldNews() {
		UUID order = placed();
		UUID eventId = UUID.randomUUID();
		for (int i = 0; i < 3; i++) {
			this.kafka.send(eventId, new StockEvent.StockReserved(order));
			this.kafka.send(new StockEvent.StockReserved(order));
		}
		this.kafka.await(PaymentCommand.AuthorisePayment.class, order);
		authorised(order);
		this.kafka.send(new PaymentEvent.PaymentAuthorised(order, payment(order), new Money(3998, "EUR")));
		captured(order);
		for (int i = 0; i < 3; i++) {
			this.kafka.send(new StockEvent.StockReserved(order));
			this.kafka.send(capture(order));
		}
		awaitHandled(order, capture(order));
		assertThat(timeline(order)).containsExactly("ORDER_PLACED", "STOCK_RESERVED", "PAYMENT_AUTHORISED",
				"SHIPMENT_BOOKED", "PAYMENT_CAPTURED");
		assertThat(this.kafka.received(PaymentCommand.AuthorisePayment.class, order)).hasSize(1);
		assertThat(this.kafka.received(PaymentCommand.CapturePayment.class, order)).hasSize(1);
		assertThat(this.kafka.received(OrderEvent.OrderConfirmed.class, order)).hasSize(1);
	}

	@Test
	void convergesWhenAnswersComeInReverse() {
		UUID order = placed();
		this.kafka.send(capture(order));
		awaitHandled(order, new PaymentEvent.PaymentAuthorised(order, payment(order), new Money(3998, "EUR")));
		reserved(order);
		letDeadlinePass(order);
		voided(order);
		released(order);
		awaitRejected(order, FailureCode.PAYMENT_UNAVAILABLE);
	}

	@Test
	void refundsACaptureThatComesAfterTheEnd() {
		UUID order = authorised(reserved(placed()));
		this.kafka.send(new PaymentEvent.CaptureDeclined(order, payment(order), "expired"));
		voided(order);
		released(order);
		awaitStatus(order, "REJECTED");
		this.kafka.send(capture(order));
		refunded(order);
		awaitHandled(order, new StockEvent.StockReleased(order));
		assertThat(state(order)).isEqualTo("REJECTED");
	}

	@Test
	void passesOverWhatIsAboutNoOrderOfOurs() {
		UUID nobodys = UUID.randomUUID();
		awaitHandled(nobodys, new StockEvent.StockReserved(nobodys));
		assertThat(this.kafka.received(PaymentCommand.class, nobodys)).isEmpty();
	}

	@Test
	void continuesTheTraceAndTheCorrelationOfWhatItHears() {
		UUID order = placed();
		UUID eventId = UUID.randomUUID();
		this.kafka.send(eventId, new StockEvent.StockReserved(order));
		KafkaMessages.ReceivedMessage authorise = this.kafka
			.await((heard) -> heard.as(PaymentCommand.AuthorisePayment.class)
				.filter((command) -> command.orderId().equals(order))
				.isPresent());
		String traceId = eventId.toString().replace("-", "");
		assertThat(authorise.headers()).containsEntry("correlationId", "test-" + eventId)
			.hasEntrySatisfying("traceparent", (traceparent) -> assertThat(traceparent).contains(traceId));
		assertThat(get("/api/v1/orders/" + order + "/timeline").text("items.1.traceId")).isEqualTo(traceId);
	}

	@Test
	void letsAnOperatorAskAgainAndTurnBack() {
		UUID order = placed();
		postAsAdmin("/api/v1/operations/sagas/" + order + "/retry").expect(202);
		List<StockCommand.ReserveStock> reservations = this.kafka.await(StockCommand.ReserveStock.class, order, 2);
		assertThat(reservations.get(1)).isEqualTo(reservations.get(0));
		postAsAdmin("/api/v1/operations/sagas/" + order + "/compensation").expect(202);
		released(order);
		awaitRejected(order, FailureCode.TIMED_OUT);
		postAsAdmin("/api/v1/operations/sagas/" + order + "/retry").expect(409, "SAGA_ENDED");
		postAsAdmin("/api/v1/operations/sagas/" + UUID.randomUUID() + "/compensation").expect(404);
		post("/api/v1/operations/sagas/" + order + "/retry").expect(403);
		get("/api/v1/operations/sagas").expect(403);
	}

	@Test
	void letsAnOperatorAskAgainForAllThatMatch() {
		List<UUID> orders = Stream.generate(() -> authorised(reserved(placed()))).limit(3).toList();
		UUID other = placed();
		orders.forEach(this::makeOld);
		Map<String, Object> filter = Map.of("state", "CAPTURING_PAYMENT", "olderThan", "PT720H");
		Answer preview = operateAll("retry", filter, true).expect(200);
		assertThat(idsOf(preview)).isEqualTo(textOf(orders));
		assertThat(preview.at("sagas").get(0).toString()).contains("\"commands\":[\"CAPTURE_PAYMENT\"]",
				"\"next\":\"CAPTURING_PAYMENT\"", "\"refused\":null");
		orders.forEach((order) -> assertThat(timeline(order)).doesNotContain("RETRY_REQUESTED"));
		assertThat(idsOf(operateAll("retry", filter, false).expect(200))).isEqualTo(textOf(orders));
		orders.forEach((order) -> this.kafka.await(PaymentCommand.CapturePayment.class, order, 2));
		assertThat(timeline(other)).doesNotContain("RETRY_REQUESTED");
		orders.forEach(this::captured);
		assertThat(idsOf(operateAll("retry", filter, false).expect(200))).isEmpty();
		cancelAll(other);
	}

	@Test
	void turnsEverySagaBackOnceHoweverManyOperatorsAsk() throws Exception {
		List<UUID> orders = Stream.generate(this::placed).limit(5).toList();
		orders.forEach(this::makeOld);
		Map<String, Object> filter = Map.of("state", "RESERVING_STOCK", "olderThan", "PT720H");
		runAll(Stream
			.<Callable<Object>>generate(() -> () -> operateAll("compensation", filter, false).expect(200).at("more"))
			.limit(4)
			.toList());
		for (UUID order : orders) {
			assertThat(timeline(order)).containsOnlyOnce("COMPENSATION_REQUESTED");
			assertThat(getAsAdmin("/api/v1/operations/sagas?reason=TIMED_OUT&olderThan=PT720H&pageSize=100").at("items")
				.valueStream()
				.map((saga) -> saga.get("orderId").asString())).contains(order.toString());
			released(order);
			awaitRejected(order, FailureCode.TIMED_OUT);
		}
	}

	@Test
	void refusesToOperateOnManySagasWithoutBeingClear() {
		operateAll("retry", Map.of("state", "NOWHERE"), true).expect(422);
		for (String duration : List.of("PT-1S", "P999999999D")) {
			operateAll("retry", Map.of("olderThan", duration), true).expect(422);
			getAsAdmin("/api/v1/operations/sagas?olderThan=" + duration).expect(422);
		}
		getAsAdmin("/api/v1/operations/sagas?olderThan=long").expect(400);
		callAsAdmin("/api/v1/operations/sagas/retry", Map.of("filter", Map.of())).expect(422);
		callAsAdmin("/api/v1/operations/sagas/compensation", Map.of("dryRun", false)).expect(422);
		call(HttpMethod.POST, "/api/v1/operations/sagas/retry", buyerToken(),
				Map.of("filter", Map.of(), "dryRun", true), Map.of())
			.expect(403);
	}

	@Test
	void saysOfTheSameSagasThatTheyAreStuckAsItLists() {
		UUID order = placed();
		// In one transaction, so that nobody handles the deadline meanwhile.
		this.transaction.executeWithoutResult((status) -> {
			this.jdbc.sql("UPDATE orders SET deadline = now() - interval '2 minutes' WHERE id = ?")
				.param(order)
				.update();
			assertThat(this.running.list(new SagaFilter(null, null, null, true), null, 1000))
				.allMatch(RunningSaga::stuck)
				.extracting(RunningSaga::orderId)
				.contains(order);
			status.setRollbackOnly();
		});
		assertThat(this.running.list(new SagaFilter(null, null, null, false), null, 1000))
			.filteredOn((saga) -> saga.orderId().equals(order))
			.singleElement()
			.returns(false, RunningSaga::stuck);
		cancelAll(order);
	}

	private Answer operateAll(String what, Map<String, Object> filter, boolean dryRun) {
		return callAsAdmin("/api/v1/operations/sagas/" + what, Map.of("filter", filter, "dryRun", dryRun));
	}

	private Answer callAsAdmin(String uri, Object body) {
		return call(HttpMethod.POST, uri, adminToken(), body, Map.of());
	}

	private void makeOld(UUID order) {
		this.jdbc.sql("UPDATE orders SET created_at = now() - interval '31 days' WHERE id = ?").param(order).update();
	}

	private static List<String> idsOf(Answer answer) {
		return answer.at("sagas").valueStream().map((saga) -> saga.get("orderId").asString()).toList();
	}

	private static List<String> textOf(List<UUID> ids) {
		return ids.stream().map(UUID::toString).toList();
	}

	@Test
	void listsRunningSagasOldestFirst() {
		UUID first = placed();
		UUID second = placed();
		List<String> seen = new ArrayList<>();
		String token = "";
		do {
			Answer page = getAsAdmin("/api/v1/operations/sagas?pageSize=1" + token).expect(200);
			seen.add(page.text("items.0.orderId"));
			token = page.at("nextPageToken").isNull() ? null : "&pageToken=" + page.text("nextPageToken");
		}
		while (token != null);
		assertThat(seen).containsSubsequence(first.toString(), second.toString()).doesNotHaveDuplicates();
		getAsAdmin("/api/v1/operations/sagas?state=NOWHERE").expect(400);
		getAsAdmin("/api/v1/operations/sagas?pageToken=bm9uc2Vuc2U").expect(400, "INVALID_PAGE_TOKEN");
		getAsAdmin("/api/v1/operations/sagas?state=&stuck=&pageSize=&pageToken=").expect(200);
		cancelAll(first, second);
	}

	@Test
	void endsWellWhenCancellationAndCaptureMeet() throws Exception {
		List<UUID> orders = Stream.generate(() -> authorised(reserved(placed()))).limit(8).toList();
		List<Callable<Object>> race = new ArrayList<>();
		for (UUID order : orders) {
			race.add(() -> {
				this.kafka.send(capture(order));
				return order;
			});
			race.add(() -> post("/api/v1/orders/" + order + "/cancellation").expect(202));
		}
		runAll(race);
		for (UUID order : orders) {
			refunded(order);
			returned(order);
			awaitStatus(order, "CANCELLED");
			assertThat(this.kafka.received(PaymentCommand.RefundPayment.class, order)).hasSize(1);
		}
	}

	@Test
	void sweepsEveryDeadlineOnceHoweverManySweep() throws Exception {
		UUID product = product("A book", 1999, "EUR");
		List<UUID> orders = IntStream.range(0, 30)
			.mapToObj((_) -> UUID.fromString(place(orderOf(List.of(item(product, 1)))).expect(201).text("id")))
			.toList();
		orders.forEach(this::letDeadlinePass);
		runAll(IntStream.range(0, 8).<Callable<Object>>mapToObj((_) -> this.coordinator::sweep).toList());
		orders.forEach((order) -> awaitState(order, "RELEASING_TO_REJECT"));
		for (UUID order : orders) {
			assertThat(timeline(order)).containsExactly("ORDER_PLACED", "DEADLINE_PASSED");
		}
		orders.forEach(this::released);
		orders.forEach((order) -> awaitRejected(order, FailureCode.TIMED_OUT));
	}

	@Test
	void handlesTheSameOrdersInTwoPlacesAtOnceWithoutDeadlock() throws Exception {
		UUID product = product("A book", 1999, "EUR");
		List<UUID> orders = IntStream.range(0, 20)
			.mapToObj((_) -> UUID.fromString(place(orderOf(List.of(item(product, 1)))).expect(201).text("id")))
			.toList();
		MessageContext context = new MessageContext("test", null);
		List<Incoming> answers = orders.stream()
			.map((order) -> new Incoming(SagaMessage.from(new StockEvent.StockReserved(order)), context))
			.toList();
		runAll(IntStream.range(0, 8).<Callable<Object>>mapToObj((i) -> () -> {
			this.coordinator.handle((i % 2 == 0) ? answers : answers.reversed());
			return i;
		}).toList());
		for (UUID order : orders) {
			assertThat(timeline(order)).containsExactly("ORDER_PLACED", "STOCK_RESERVED");
			assertThat(this.kafka.await(PaymentCommand.AuthorisePayment.class, order)).isNotNull();
			assertThat(this.kafka.received(PaymentCommand.AuthorisePayment.class, order)).hasSize(1);
		}
	}

	@Test
	void countsWhatSagasDo() {
		UUID order = placed();
		Awaitility.await()
			.until(() -> this.meters.get("sagamart.saga.waiting").tag("state", "RESERVING_STOCK").gauge().value() > 0);
		letDeadlinePass(order);
		released(order);
		awaitStatus(order, "REJECTED");
		assertThat(this.meters.get("sagamart.saga.deadlines").tag("state", "RESERVING_STOCK").counter().count())
			.isPositive();
		assertThat(this.meters.get("sagamart.saga.compensations").tag("cause", "TIMED_OUT").counter().count())
			.isPositive();
		assertThat(this.meters.get("sagamart.saga.ended").tag("status", "REJECTED").counter().count()).isPositive();
		assertThat(this.meters.get("sagamart.saga.stuck").gauge().value()).isNotNegative();
	}

	private void cancelAll(UUID... orders) {
		for (UUID order : orders) {
			post("/api/v1/orders/" + order + "/cancellation").expect(202);
			released(order);
		}
	}

	private static void runAll(List<Callable<Object>> tasks) throws Exception {
		try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
			for (Future<Object> future : executor.invokeAll(tasks)) {
				future.get();
			}
		}
	}

}
