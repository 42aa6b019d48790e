package dev.sagamart.orders.saga;

import dev.sagamart.events.FailureCode;
import dev.sagamart.orders.order.OrderState;
import java.util.Collections;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The language in which {@link PlaceOrderSaga} is written, and the lookup of its rules:
 * one for each message in each state.
 */
final class SagaTable {

	private final Map<Pair, Rule> rules = new HashMap<>();

	/**
	 * Makes a table.
	 * @param otherwise applies where there is no row; later lines replace earlier ones
	 * @throws IllegalStateException if two rows are about the same message in the same
	 * state
	 */
	SagaTable(List<Row> rows, List<Line> otherwise) {
		for (Line line : otherwise) {
			line.in()
				.forEach((state) -> line.on().forEach((trigger) -> this.rules.put(new Pair(state, trigger), line)));
		}
		for (Row row : rows) {
			row.from().forEach((state) -> row.on().forEach((trigger) -> {
				if (this.rules.put(new Pair(state, trigger), row) instanceof Row) {
					throw new IllegalStateException("Two rows for " + trigger + " in " + state);
				}
			}));
		}
	}

	/**
	 * The one rule for that message in that state.
	 * @throws IllegalStateException if the table has a gap there
	 */
	Rule rule(OrderState state, Trigger trigger) {
		Rule rule = this.rules.get(new Pair(state, trigger));
		if (rule == null) {
			throw new IllegalStateException("The saga says nothing about " + trigger + " in " + state);
		}
		return rule;
	}

	static From from(OrderState first, OrderState... others) {
		return new From(EnumSet.of(first, others));
	}

	static In in(Set<OrderState> states) {
		return new In(states);
	}

	static In in(OrderState first, OrderState... others) {
		return new In(EnumSet.of(first, others));
	}

	private record Pair(OrderState state, Trigger trigger) {
	}

	/** What happens to a message in a state. */
	sealed interface Rule {

		Decision decide(OrderState state, SagaMessage message);

	}

	/**
	 * A row of the table.
	 *
	 * @param to {@code null} if the order stays where it is
	 * @param because why the order fails, if this row begins its compensation
	 * @param becauseAnswered whether the message itself says why
	 * @param waits whether the deadline starts anew
	 */
	record Row(Set<OrderState> from, Set<Trigger> on, @Nullable OrderState to, List<SagaCommand> then,
			@Nullable FailureCode because, boolean becauseAnswered, boolean waits) implements Rule {

		@Override
		public Decision decide(OrderState state, SagaMessage message) {
			return new Decision.Step(next(state), this.then, this.becauseAnswered ? message.code() : this.because,
					this.waits);
		}

		OrderState next(OrderState state) {
			return (this.to != null) ? this.to : state;
		}

		Row then(SagaCommand... commands) {
			return new Row(this.from, this.on, this.to, List.of(commands), this.because, this.becauseAnswered,
					this.waits);
		}

		Row because(FailureCode code) {
			return new Row(this.from, this.on, this.to, this.then, code, false, this.waits);
		}

		Row asAnswered() {
			return new Row(this.from, this.on, this.to, this.then, null, true, this.waits);
		}

	}

	/** Says why messages without a row are ignored or refused. */
	record Line(Set<OrderState> in, Set<Trigger> on, String why, boolean refused) implements Rule {

		@Override
		public Decision decide(OrderState state, SagaMessage message) {
			return this.refused ? new Decision.Refused(this.why) : new Decision.Ignored(this.why);
		}

	}

	record From(Set<OrderState> states) {

		On on(Trigger first, Trigger... others) {
			return on(EnumSet.of(first, others));
		}

		On on(Set<Trigger> triggers) {
			return new On(this.states, Collections.unmodifiableSet(triggers));
		}

	}

	record On(Set<OrderState> from, Set<Trigger> triggers) {

		Row to(OrderState next) {
			return new Row(this.from, this.triggers, next, List.of(), null, false, true);
		}

		/** The same command is sent once more, and the deadline starts anew. */
		Row again(SagaCommand command) {
			return new Row(this.from, this.triggers, null, List.of(command), null, false, true);
		}

		/** The state and its deadline stay as they are. */
		Row stays() {
			return new Row(this.from, this.triggers, null, List.of(), null, false, false);
		}

	}

	record In(Set<OrderState> states) {

		Line ignore(String why, Trigger first, Trigger... others) {
			return new Line(this.states, EnumSet.of(first, others), why, false);
		}

		Line refuse(String why, Trigger first, Trigger... others) {
			return new Line(this.states, EnumSet.of(first, others), why, true);
		}

	}

}
