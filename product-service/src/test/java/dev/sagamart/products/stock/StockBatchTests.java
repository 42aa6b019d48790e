package dev.sagamart.products.stock;

import dev.sagamart.events.FailureCode;
import dev.sagamart.events.Money;
import dev.sagamart.events.OrderLine;
import dev.sagamart.events.StockEvent;
import dev.sagamart.events.StockEvent.StockRejected;
import dev.sagamart.events.StockEvent.StockReleased;
import dev.sagamart.events.StockEvent.StockReserved;
import dev.sagamart.events.StockEvent.StockReturned;
import dev.sagamart.events.StockEvent.StockSold;
import dev.sagamart.products.stock.Reservation.Status;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

class StockBatchTests {

	private static final Money PRICE = new Money(1999, "EUR");

	private static final UUID LAMP = UUID.randomUUID();

	private static final UUID CHAIR = UUID.randomUUID();

	private static final UUID RETIRED = UUID.randomUUID();

	private static final UUID ORDER = UUID.randomUUID();

	private final Map<UUID, StockLevel> levels = new HashMap<>(
			Map.of(LAMP, new StockLevel(10, 0, 0), CHAIR, new StockLevel(3, 0, 0), RETIRED, new StockLevel(5, 0, 0)));

	@Test
	void reservesAllLinesOfAnOrder() {
		StockBatch batch = batch(Map.of());
		assertThat(batch.reserve(ORDER, List.of(line(LAMP, 4), line(CHAIR, 3))))
			.containsExactly(new StockReserved(ORDER));
		assertThat(batch.changedLevels())
			.isEqualTo(Map.of(LAMP, new StockLevel(10, 4, 0), CHAIR, new StockLevel(3, 3, 0)));
		assertThat(batch.changedReservations().get(ORDER).lines()).isEqualTo(Map.of(LAMP, 4L, CHAIR, 3L));
	}

	@Test
	void reservesNothingIfOneLineIsUnavailable() {
		StockBatch batch = batch(Map.of());
		assertThat(batch.reserve(ORDER, List.of(line(LAMP, 4), line(CHAIR, 4)))).containsExactly(
				new StockRejected(ORDER, FailureCode.OUT_OF_STOCK, CHAIR, "Chair has only 3 left in stock."));
		assertThat(batch.changedLevels()).isEmpty();
		assertThat(batch.changedReservations().get(ORDER).lines()).isEmpty();
	}

	@Test
	void aRejectedOrderReservesNothing() {
		StockBatch batch = batch(Map.of());
		UUID next = UUID.randomUUID();
		batch.reserve(ORDER, List.of(line(LAMP, 10), line(CHAIR, 4)));
		assertThat(batch.reserve(next, List.of(line(LAMP, 10)))).containsExactly(new StockReserved(next));
	}

	@Test
	void addsUpLinesOfOneProduct() {
		StockBatch batch = batch(Map.of());
		assertThat(batch.reserve(ORDER, List.of(line(CHAIR, 2), line(CHAIR, 2)))).containsExactly(
				new StockRejected(ORDER, FailureCode.OUT_OF_STOCK, CHAIR, "Chair has only 3 left in stock."));
		UUID other = UUID.randomUUID();
		assertThat(batch.reserve(other, List.of(line(CHAIR, 1), line(CHAIR, 2))))
			.containsExactly(new StockReserved(other));
		assertThat(batch.changedReservations().get(other).lines()).isEqualTo(Map.of(CHAIR, 3L));
		UUID late = UUID.randomUUID();
		assertThat(batch.reserve(late, List.of(line(CHAIR, 1))))
			.containsExactly(new StockRejected(late, FailureCode.OUT_OF_STOCK, CHAIR, "Chair is sold out."));
	}

	@Test
	void quantitiesDoNotOverflow() {
		assertThat(batch(Map.of()).reserve(ORDER,
				List.of(line(LAMP, 5), line(LAMP, Integer.MAX_VALUE), line(LAMP, Integer.MAX_VALUE))))
			.singleElement()
			.isInstanceOf(StockRejected.class);
	}

	@Test
	void rejectsAnotherPriceOrCurrency() {
		StockBatch batch = batch(Map.of());
		assertThat(batch.reserve(ORDER, List.of(new OrderLine(LAMP, 1, new Money(1998, "EUR")))))
			.containsExactly(new StockRejected(ORDER, FailureCode.PRICE_CHANGED, LAMP, "Lamp now costs 19.99 EUR."));
		UUID other = UUID.randomUUID();
		assertThat(batch.reserve(other, List.of(new OrderLine(LAMP, 1, new Money(1999, "USD"))))).singleElement()
			.extracting("code")
			.isEqualTo(FailureCode.PRICE_CHANGED);
	}

	@Test
	void rejectsUnavailableProducts() {
		StockBatch batch = batch(Map.of());
		UUID nowhere = UUID.randomUUID();
		assertThat(batch.reserve(ORDER, List.of(line(RETIRED, 1)))).containsExactly(
				new StockRejected(ORDER, FailureCode.PRODUCT_UNAVAILABLE, RETIRED, "Retired is no longer sold."));
		UUID other = UUID.randomUUID();
		assertThat(batch.reserve(other, List.of(line(LAMP, 1), line(nowhere, 1)))).containsExactly(new StockRejected(
				other, FailureCode.PRODUCT_UNAVAILABLE, nowhere, "There is no product " + nowhere + "."));
	}

	@Test
	void namesTheFirstFailedLine() {
		assertThat(batch(Map.of()).reserve(ORDER, List.of(line(CHAIR, 9), line(RETIRED, 1)))).singleElement()
			.extracting("productId")
			.isEqualTo(CHAIR);
	}

	@Test
	void formatsPricesWithTheDigitsOfTheirCurrency() {
		assertThat(new Offer("x", new Money(500, "JPY"), true).displayPrice()).isEqualTo("500 JPY");
		assertThat(new Offer("x", new Money(5, "EUR"), true).displayPrice()).isEqualTo("0.05 EUR");
	}

	@ParameterizedTest
	@EnumSource(Status.class)
	void repliesToRepeatedMessagesWithoutChanges(Status status) {
		for (Step step : Step.values()) {
			StockBatch once = batch(known(status));
			step.take(once, ORDER, List.of(line(LAMP, 2)));
			Map<UUID, StockLevel> levelsAfter = new HashMap<>(this.levels);
			levelsAfter.putAll(once.changedLevels());
			Map<UUID, Reservation> after = new HashMap<>(known(status));
			after.putAll(once.changedReservations());
			StockBatch again = new StockBatch(offers(), levelsAfter, after);
			List<StockEvent> second = step.take(again, ORDER, List.of(line(LAMP, 2)));
			assertThat(again.changedLevels()).as("%s twice, %s", step, status).isEmpty();
			assertThat(again.changedReservations()).as("%s twice, %s", step, status).isEmpty();
			if (step != Step.CONFIRM) {
				assertThat(second).as("%s twice, %s", step, status).hasSize(1);
			}
		}
	}

	@Test
	void releasesOnlyReservedStock() {
		assertThat(after(Status.RESERVED, Step.RELEASE))
			.isEqualTo(new Outcome(Status.RELEASED, new StockLevel(10, 0, 0)));
		assertThat(after(Status.SOLD, Step.RELEASE)).isEqualTo(new Outcome(Status.SOLD, new StockLevel(8, 0, 2)));
		assertThat(after(Status.NEW, Step.RELEASE)).isEqualTo(new Outcome(Status.RELEASED, new StockLevel(10, 0, 0)));
		assertThat(after(Status.REJECTED, Step.RELEASE))
			.isEqualTo(new Outcome(Status.REJECTED, new StockLevel(10, 0, 0)));
	}

	@Test
	void sellsReservedStock() {
		assertThat(after(Status.RESERVED, Step.CONFIRM)).isEqualTo(new Outcome(Status.SOLD, new StockLevel(8, 0, 2)));
		assertThat(after(Status.RETURNED, Step.CONFIRM))
			.isEqualTo(new Outcome(Status.RETURNED, new StockLevel(10, 0, 0)));
		assertThat(after(Status.RELEASED, Step.CONFIRM))
			.isEqualTo(new Outcome(Status.RELEASED, new StockLevel(10, 0, 0)));
	}

	@Test
	void returnsStockWhetherOrNotTheSaleWasRecorded() {
		assertThat(after(Status.SOLD, Step.RETURN)).isEqualTo(new Outcome(Status.RETURNED, new StockLevel(10, 0, 0)));
		assertThat(after(Status.RESERVED, Step.RETURN))
			.isEqualTo(new Outcome(Status.RETURNED, new StockLevel(10, 0, 0)));
		assertThat(after(Status.NEW, Step.RETURN)).isEqualTo(new Outcome(Status.RETURNED, new StockLevel(10, 0, 0)));
	}

	@Test
	void repliesWithAnEarlierUndo() {
		StockBatch batch = batch(Map.of());
		batch.release(ORDER);
		assertThat(batch.reserve(ORDER, List.of(line(LAMP, 1)))).containsExactly(new StockReleased(ORDER));
		UUID other = UUID.randomUUID();
		batch.returnStock(other);
		assertThat(batch.confirm(other)).isEmpty();
		assertThat(batch.reserve(other, List.of(line(LAMP, 1)))).containsExactly(new StockReturned(other));
		assertThat(batch.changedLevels()).isEmpty();
	}

	@Test
	void sellsWhenTheReservationArrivesAfterTheConfirmation() {
		StockBatch batch = batch(Map.of());
		assertThat(batch.confirm(ORDER)).isEmpty();
		assertThat(batch.reserve(ORDER, List.of(line(LAMP, 2)))).containsExactly(new StockReserved(ORDER),
				new StockSold(ORDER));
		assertThat(batch.changedLevels()).isEqualTo(Map.of(LAMP, new StockLevel(8, 0, 2)));
	}

	@Test
	void failsForARejectionWithoutAReason() {
		StockBatch batch = batch(Map.of(ORDER, new Reservation(ORDER, Status.REJECTED, Map.of(), null)));
		assertThatIllegalStateException().isThrownBy(() -> batch.reserve(ORDER, List.of(line(LAMP, 1))));
	}

	@Test
	void refusesInconsistentStock() {
		StockLevel level = new StockLevel(2, 1, 0);
		assertThatIllegalStateException().isThrownBy(() -> level.reserve(2));
		assertThatIllegalStateException().isThrownBy(() -> level.release(2));
		assertThatIllegalStateException().isThrownBy(() -> level.restock(1));
	}

	/** Compares batches of random messages and sizes with a simple model. */
	@Test
	void handlesBatchesLikeSingleMessages() {
		for (int seed = 0; seed < 400; seed++) {
			Random random = new Random(seed);
			List<UUID> products = List.of(LAMP, CHAIR, RETIRED, UUID.randomUUID());
			List<UUID> orders = new ArrayList<>();
			for (int i = 0; i < 12; i++) {
				orders.add(new UUID(seed, i));
			}
			Map<UUID, List<OrderLine>> linesByOrder = new HashMap<>();
			orders.forEach((order) -> linesByOrder.put(order, randomLines(random, products)));
			NaiveStock model = new NaiveStock(this.levels);
			Map<UUID, StockLevel> nowLevels = new HashMap<>(this.levels);
			Map<UUID, Reservation> nowReservations = new HashMap<>();
			StockBatch batch = new StockBatch(offers(), nowLevels, nowReservations);
			for (int i = 0; i < 80; i++) {
				if (random.nextInt(10) == 0) {
					nowLevels.putAll(batch.changedLevels());
					nowReservations.putAll(batch.changedReservations());
					batch = new StockBatch(offers(), nowLevels, nowReservations);
				}
				UUID order = orders.get(random.nextInt(orders.size()));
				Step step = Step.values()[random.nextInt(Step.values().length)];
				List<String> answers = step.take(batch, order, linesByOrder.get(order))
					.stream()
					.map((answer) -> answer.getClass().getSimpleName())
					.toList();
				assertThat(answers).as("seed %s, step %s", seed, i)
					.isEqualTo(model.take(step, order, linesByOrder.get(order)));
			}
			nowLevels.putAll(batch.changedLevels());
			nowLevels.forEach((product, level) -> {
				assertThat(level.onHand()).isEqualTo(model.onHand.get(product));
				assertThat(level.reserved()).isEqualTo(model.total(product, "RESERVED"));
				assertThat(level.sold()).isEqualTo(model.total(product, "SOLD"));
				assertThat(level.onHand() + level.sold()).isEqualTo(this.levels.get(product).onHand());
			});
		}
	}

	private static List<OrderLine> randomLines(Random random, List<UUID> products) {
		List<OrderLine> lines = new ArrayList<>();
		int count = 1 + random.nextInt(3);
		for (int i = 0; i < count; i++) {
			int choice = random.nextInt(20);
			UUID product = products.get((choice < 18) ? choice % 2 : choice - 16);
			lines.add(new OrderLine(product, 1 + random.nextInt(3),
					(random.nextInt(15) == 0) ? new Money(1, "EUR") : PRICE));
		}
		return lines;
	}

	private record Outcome(Status status, StockLevel lamps) {
	}

	private Outcome after(Status status, Step step) {
		Map<UUID, Reservation> known = known(status);
		StockBatch batch = batch(known);
		step.take(batch, ORDER, List.of(line(LAMP, 2)));
		Reservation reservation = batch.changedReservations().getOrDefault(ORDER, known.get(ORDER));
		return new Outcome(reservation.status(), batch.changedLevels().getOrDefault(LAMP, this.levels.get(LAMP)));
	}

	/**
	 * Returns the reservation of two lamps in that status, and sets the stock
	 * accordingly.
	 */
	private Map<UUID, Reservation> known(Status status) {
		boolean holding = status == Status.RESERVED || status == Status.SOLD;
		this.levels.put(LAMP, switch (status) {
			case RESERVED -> new StockLevel(10, 2, 0);
			case SOLD -> new StockLevel(8, 0, 2);
			default -> new StockLevel(10, 0, 0);
		});
		return Map.of(ORDER,
				new Reservation(ORDER, status, holding ? Map.of(LAMP, 2L) : Map.of(), (status == Status.REJECTED)
						? new Reservation.Failure(FailureCode.OUT_OF_STOCK, LAMP, "Lamp is sold out.") : null));
	}

	private StockBatch batch(Map<UUID, Reservation> reservations) {
		return new StockBatch(offers(), this.levels, reservations);
	}

	private static Map<UUID, Offer> offers() {
		return Map.of(LAMP, new Offer("Lamp", PRICE, true), CHAIR, new Offer("Chair", PRICE, true), RETIRED,
				new Offer("Retired", PRICE, false));
	}

	private static OrderLine line(UUID product, int quantity) {
		return new OrderLine(product, quantity, PRICE);
	}

	private enum Step {

		RESERVE {
			@Override
			List<StockEvent> take(StockBatch batch, UUID order, List<OrderLine> lines) {
				return batch.reserve(order, lines);
			}
		},

		RELEASE {
			@Override
			List<StockEvent> take(StockBatch batch, UUID order, List<OrderLine> lines) {
				return batch.release(order);
			}
		},

		CONFIRM {
			@Override
			List<StockEvent> take(StockBatch batch, UUID order, List<OrderLine> lines) {
				return batch.confirm(order);
			}
		},

		RETURN {
			@Override
			List<StockEvent> take(StockBatch batch, UUID order, List<OrderLine> lines) {
				return batch.returnStock(order);
			}
		};

		abstract List<StockEvent> take(StockBatch batch, UUID order, List<OrderLine> lines);

	}

	/**
	 * A simple model of the same rules. It computes the reserved stock from the orders,
	 * instead of storing it.
	 */
	private static final class NaiveStock {

		final Map<UUID, Long> onHand = new HashMap<>();

		final Map<UUID, String> states = new LinkedHashMap<>();

		final Map<UUID, List<OrderLine>> held = new HashMap<>();

		NaiveStock(Map<UUID, StockLevel> levels) {
			levels.forEach((product, level) -> this.onHand.put(product, level.onHand()));
		}

		long total(UUID product, String state) {
			return this.states.entrySet()
				.stream()
				.filter((order) -> order.getValue().equals(state))
				.flatMap((order) -> this.held.getOrDefault(order.getKey(), List.of()).stream())
				.filter((line) -> line.productId().equals(product))
				.mapToLong(OrderLine::quantity)
				.sum();
		}

		List<String> take(Step step, UUID order, List<OrderLine> lines) {
			String state = this.states.getOrDefault(order, "");
			return switch (step) {
				case RESERVE -> reserve(order, state, lines);
				case RELEASE -> {
					if (List.of("", "EARLY", "RESERVED").contains(state)) {
						this.states.put(order, "RELEASED");
					}
					yield List.of("StockReleased");
				}
				case CONFIRM -> switch (state) {
					case "" -> {
						this.states.put(order, "EARLY");
						yield List.of();
					}
					case "RESERVED" -> {
						sell(order);
						yield List.of("StockSold");
					}
					case "SOLD" -> List.of("StockSold");
					default -> List.of();
				};
				case RETURN -> {
					if (state.equals("SOLD")) {
						this.held.get(order)
							.forEach((line) -> this.onHand.merge(line.productId(), (long) line.quantity(), Long::sum));
					}
					if (List.of("", "EARLY", "RESERVED", "SOLD").contains(state)) {
						this.states.put(order, "RETURNED");
					}
					yield List.of("StockReturned");
				}
			};
		}

		private List<String> reserve(UUID order, String state, List<OrderLine> lines) {
			return switch (state) {
				case "", "EARLY" -> {
					if (!possible(lines)) {
						this.states.put(order, "REJECTED");
						yield List.of("StockRejected");
					}
					this.held.put(order, lines);
					this.states.put(order, "RESERVED");
					if (state.equals("EARLY")) {
						sell(order);
						yield List.of("StockReserved", "StockSold");
					}
					yield List.of("StockReserved");
				}
				case "RESERVED", "SOLD" -> List.of("StockReserved");
				case "REJECTED" -> List.of("StockRejected");
				case "RELEASED" -> List.of("StockReleased");
				default -> List.of("StockReturned");
			};
		}

		private void sell(UUID order) {
			this.states.put(order, "SOLD");
			this.held.get(order)
				.forEach((line) -> this.onHand.merge(line.productId(), (long) -line.quantity(), Long::sum));
		}

		private boolean possible(List<OrderLine> lines) {
			return lines.stream()
				.allMatch((line) -> (line.productId().equals(LAMP) || line.productId().equals(CHAIR))
						&& line.unitPrice().equals(PRICE)
						&& lines.stream()
							.filter((other) -> other.productId().equals(line.productId()))
							.mapToLong(OrderLine::quantity)
							.sum() <= this.onHand.get(line.productId()) - total(line.productId(), "RESERVED"));
		}

	}

}
