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

class StockBookTests {

	private static final Money PRICE = new Money(1999, "EUR");

	private static final UUID LAMP = UUID.randomUUID();

	private static final UUID CHAIR = UUID.randomUUID();

	private static final UUID RETIRED = UUID.randomUUID();

	private static final UUID ORDER = UUID.randomUUID();

	private final Map<UUID, StockLevel> levels = new HashMap<>(
			Map.of(LAMP, new StockLevel(10, 0, 0), CHAIR, new StockLevel(3, 0, 0), RETIRED, new StockLevel(5, 0, 0)));

	@Test
	void holdsAllLinesOfAnOrder() {
		StockBook book = book(Map.of());
		assertThat(book.reserve(ORDER, List.of(line(LAMP, 4), line(CHAIR, 3))))
			.containsExactly(new StockReserved(ORDER));
		assertThat(book.changedLevels())
			.isEqualTo(Map.of(LAMP, new StockLevel(10, 4, 0), CHAIR, new StockLevel(3, 3, 0)));
		assertThat(book.changedReservations().get(ORDER).lines()).isEqualTo(Map.of(LAMP, 4L, CHAIR, 3L));
	}

	@Test
	void holdsNothingIfOneLineIsShort() {
		StockBook book = book(Map.of());
		assertThat(book.reserve(ORDER, List.of(line(LAMP, 4), line(CHAIR, 4))))
			.containsExactly(new StockRejected(ORDER, FailureCode.OUT_OF_STOCK, CHAIR, "Only 3 of Chair left."));
		assertThat(book.changedLevels()).isEmpty();
		assertThat(book.changedReservations().get(ORDER).lines()).isEmpty();
	}

	@Test
	void anOrderThatWasShortTakesNothingFromTheNextOne() {
		StockBook book = book(Map.of());
		UUID next = UUID.randomUUID();
		book.reserve(ORDER, List.of(line(LAMP, 10), line(CHAIR, 4)));
		assertThat(book.reserve(next, List.of(line(LAMP, 10)))).containsExactly(new StockReserved(next));
	}

	@Test
	void addsUpLinesOfOneProduct() {
		StockBook book = book(Map.of());
		assertThat(book.reserve(ORDER, List.of(line(CHAIR, 2), line(CHAIR, 2))))
			.containsExactly(new StockRejected(ORDER, FailureCode.OUT_OF_STOCK, CHAIR, "Only 3 of Chair left."));
		UUID other = UUID.randomUUID();
		assertThat(book.reserve(other, List.of(line(CHAIR, 1), line(CHAIR, 2))))
			.containsExactly(new StockReserved(other));
		assertThat(book.changedReservations().get(other).lines()).isEqualTo(Map.of(CHAIR, 3L));
		UUID late = UUID.randomUUID();
		assertThat(book.reserve(late, List.of(line(CHAIR, 1))))
			.containsExactly(new StockRejected(late, FailureCode.OUT_OF_STOCK, CHAIR, "Chair is sold out."));
	}

	@Test
	void quantitiesDoNotOverflow() {
		assertThat(book(Map.of()).reserve(ORDER,
				List.of(line(LAMP, 5), line(LAMP, Integer.MAX_VALUE), line(LAMP, Integer.MAX_VALUE))))
			.singleElement()
			.isInstanceOf(StockRejected.class);
	}

	@Test
	void refusesAnotherPriceOrCurrency() {
		StockBook book = book(Map.of());
		assertThat(book.reserve(ORDER, List.of(new OrderLine(LAMP, 1, new Money(1998, "EUR")))))
			.containsExactly(new StockRejected(ORDER, FailureCode.PRICE_CHANGED, LAMP, "Lamp now costs 19.99 EUR."));
		UUID other = UUID.randomUUID();
		assertThat(book.reserve(other, List.of(new OrderLine(LAMP, 1, new Money(1999, "USD"))))).singleElement()
			.extracting("code")
			.isEqualTo(FailureCode.PRICE_CHANGED);
	}

	@Test
	void refusesWhatIsNotSold() {
		StockBook book = book(Map.of());
		UUID nowhere = UUID.randomUUID();
		assertThat(book.reserve(ORDER, List.of(line(RETIRED, 1)))).containsExactly(
				new StockRejected(ORDER, FailureCode.PRODUCT_UNAVAILABLE, RETIRED, "Retired is no longer sold."));
		UUID other = UUID.randomUUID();
		assertThat(book.reserve(other, List.of(line(LAMP, 1), line(nowhere, 1)))).containsExactly(new StockRejected(
				other, FailureCode.PRODUCT_UNAVAILABLE, nowhere, "There is no product " + nowhere + "."));
	}

	@Test
	void namesTheFirstLineAtFault() {
		assertThat(book(Map.of()).reserve(ORDER, List.of(line(CHAIR, 9), line(RETIRED, 1)))).singleElement()
			.extracting("productId")
			.isEqualTo(CHAIR);
	}

	@Test
	void showsPricesWithTheDigitsOfTheirCurrency() {
		assertThat(new Offer("x", new Money(500, "JPY"), true).displayPrice()).isEqualTo("500 JPY");
		assertThat(new Offer("x", new Money(5, "EUR"), true).displayPrice()).isEqualTo("0.05 EUR");
	}

	@ParameterizedTest
	@EnumSource(Status.class)
	void everyRepetitionIsAnsweredAndChangesNothing(Status status) {
		for (Step step : Step.values()) {
			StockBook once = book(known(status));
			step.take(once, ORDER, List.of(line(LAMP, 2)));
			Map<UUID, StockLevel> levelsAfter = new HashMap<>(this.levels);
			levelsAfter.putAll(once.changedLevels());
			Map<UUID, Reservation> after = new HashMap<>(known(status));
			after.putAll(once.changedReservations());
			StockBook again = new StockBook(offers(), levelsAfter, after);
			List<StockEvent> second = step.take(again, ORDER, List.of(line(LAMP, 2)));
			assertThat(again.changedLevels()).as("%s twice, %s", step, status).isEmpty();
			assertThat(again.changedReservations()).as("%s twice, %s", step, status).isEmpty();
			if (step != Step.CONFIRM) {
				assertThat(second).as("%s twice, %s", step, status).hasSize(1);
			}
		}
	}

	@Test
	void releasesWhatIsHeldAndOnlyThat() {
		assertThat(after(Status.RESERVED, Step.RELEASE))
			.isEqualTo(new Outcome(Status.RELEASED, new StockLevel(10, 0, 0)));
		assertThat(after(Status.SOLD, Step.RELEASE)).isEqualTo(new Outcome(Status.SOLD, new StockLevel(8, 0, 2)));
		assertThat(after(Status.NEW, Step.RELEASE)).isEqualTo(new Outcome(Status.RELEASED, new StockLevel(10, 0, 0)));
		assertThat(after(Status.REJECTED, Step.RELEASE))
			.isEqualTo(new Outcome(Status.REJECTED, new StockLevel(10, 0, 0)));
	}

	@Test
	void sellsWhatIsHeld() {
		assertThat(after(Status.RESERVED, Step.CONFIRM)).isEqualTo(new Outcome(Status.SOLD, new StockLevel(8, 0, 2)));
		assertThat(after(Status.RETURNED, Step.CONFIRM))
			.isEqualTo(new Outcome(Status.RETURNED, new StockLevel(10, 0, 0)));
		assertThat(after(Status.RELEASED, Step.CONFIRM))
			.isEqualTo(new Outcome(Status.RELEASED, new StockLevel(10, 0, 0)));
	}

	@Test
	void takesBackWhetherOrNotTheSaleWasRecorded() {
		assertThat(after(Status.SOLD, Step.TAKE_BACK))
			.isEqualTo(new Outcome(Status.RETURNED, new StockLevel(10, 0, 0)));
		assertThat(after(Status.RESERVED, Step.TAKE_BACK))
			.isEqualTo(new Outcome(Status.RETURNED, new StockLevel(10, 0, 0)));
		assertThat(after(Status.NEW, Step.TAKE_BACK)).isEqualTo(new Outcome(Status.RETURNED, new StockLevel(10, 0, 0)));
	}

	@Test
	void anUndoThatCameFirstIsTheAnswerToItsDo() {
		StockBook book = book(Map.of());
		book.release(ORDER);
		assertThat(book.reserve(ORDER, List.of(line(LAMP, 1)))).containsExactly(new StockReleased(ORDER));
		UUID other = UUID.randomUUID();
		book.takeBack(other);
		assertThat(book.confirm(other)).isEmpty();
		assertThat(book.reserve(other, List.of(line(LAMP, 1)))).containsExactly(new StockReturned(other));
		assertThat(book.changedLevels()).isEmpty();
	}

	@Test
	void aSaleThatCameFirstIsDoneWithTheReservation() {
		StockBook book = book(Map.of());
		assertThat(book.confirm(ORDER)).isEmpty();
		assertThat(book.reserve(ORDER, List.of(line(LAMP, 2)))).containsExactly(new StockReserved(ORDER),
				new StockSold(ORDER));
		assertThat(book.changedLevels()).isEqualTo(Map.of(LAMP, new StockLevel(8, 0, 2)));
	}

	@Test
	void aRejectionWithoutAReasonIsABug() {
		StockBook book = book(Map.of(ORDER, new Reservation(ORDER, Status.REJECTED, Map.of(), null)));
		assertThatIllegalStateException().isThrownBy(() -> book.reserve(ORDER, List.of(line(LAMP, 1))));
	}

	@Test
	void stockCannotBecomeImpossible() {
		StockLevel level = new StockLevel(2, 1, 0);
		assertThatIllegalStateException().isThrownBy(() -> level.reserve(2));
		assertThatIllegalStateException().isThrownBy(() -> level.release(2));
		assertThatIllegalStateException().isThrownBy(() -> level.takeBack(1));
	}

	/**
	 * Random batches, cut at random places, against a model that is as simple as it can
	 * be.
	 */
	@Test
	void batchesDoWhatOneMessageAfterTheOtherWouldDo() {
		for (int seed = 0; seed < 400; seed++) {
			Random random = new Random(seed);
			List<UUID> products = List.of(LAMP, CHAIR, RETIRED, UUID.randomUUID());
			List<UUID> orders = new ArrayList<>();
			for (int i = 0; i < 12; i++) {
				orders.add(new UUID(seed, i));
			}
			Map<UUID, List<OrderLine>> wishes = new HashMap<>();
			orders.forEach((order) -> wishes.put(order, randomLines(random, products)));
			NaiveStock model = new NaiveStock(this.levels);
			Map<UUID, StockLevel> nowLevels = new HashMap<>(this.levels);
			Map<UUID, Reservation> nowReservations = new HashMap<>();
			StockBook book = new StockBook(offers(), nowLevels, nowReservations);
			for (int i = 0; i < 80; i++) {
				if (random.nextInt(10) == 0) {
					nowLevels.putAll(book.changedLevels());
					nowReservations.putAll(book.changedReservations());
					book = new StockBook(offers(), nowLevels, nowReservations);
				}
				UUID order = orders.get(random.nextInt(orders.size()));
				Step step = Step.values()[random.nextInt(Step.values().length)];
				List<String> answers = step.take(book, order, wishes.get(order))
					.stream()
					.map((answer) -> answer.getClass().getSimpleName())
					.toList();
				assertThat(answers).as("seed %s, step %s", seed, i)
					.isEqualTo(model.take(step, order, wishes.get(order)));
			}
			nowLevels.putAll(book.changedLevels());
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
		StockBook book = book(known);
		step.take(book, ORDER, List.of(line(LAMP, 2)));
		Reservation reservation = book.changedReservations().getOrDefault(ORDER, known.get(ORDER));
		return new Outcome(reservation.status(), book.changedLevels().getOrDefault(LAMP, this.levels.get(LAMP)));
	}

	/**
	 * An order for two lamps that has come that far, and the stock that belongs to it.
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

	private StockBook book(Map<UUID, Reservation> reservations) {
		return new StockBook(offers(), this.levels, reservations);
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
			List<StockEvent> take(StockBook book, UUID order, List<OrderLine> lines) {
				return book.reserve(order, lines);
			}
		},

		RELEASE {
			@Override
			List<StockEvent> take(StockBook book, UUID order, List<OrderLine> lines) {
				return book.release(order);
			}
		},

		CONFIRM {
			@Override
			List<StockEvent> take(StockBook book, UUID order, List<OrderLine> lines) {
				return book.confirm(order);
			}
		},

		TAKE_BACK {
			@Override
			List<StockEvent> take(StockBook book, UUID order, List<OrderLine> lines) {
				return book.takeBack(order);
			}
		};

		abstract List<StockEvent> take(StockBook book, UUID order, List<OrderLine> lines);

	}

	/** The rules once more, in words and sums: what is held is counted, never kept. */
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
				case TAKE_BACK -> {
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
