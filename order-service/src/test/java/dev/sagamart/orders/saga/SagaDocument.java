package dev.sagamart.orders.saga;

import dev.sagamart.orders.order.OrderState;
import dev.sagamart.orders.order.OrderStatus;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;

/** The saga table, for people: {@code docs/saga.md}. */
final class SagaDocument {

	private final StringBuilder text = new StringBuilder();

	static String render() {
		SagaDocument document = new SagaDocument();
		document.introduction();
		document.diagram();
		document.states();
		document.table();
		document.otherwise();
		document.matrix();
		return document.text.toString();
	}

	private void introduction() {
		line("""
				# The order saga

				<!-- Generated from PlaceOrderSaga.java. `./mvnw -pl order-service test -Dtest=SagaDocumentTests -Dsaga.docs.update` writes it anew. -->

				An order is accepted as soon as it is stored; everything else happens afterwards, in steps that other
				services carry out. order-service keeps a saga for each order, which decides after every message what is
				next. What it decides is a table,
				[`PlaceOrderSaga`](../order-service/src/main/java/dev/sagamart/orders/saga/PlaceOrderSaga.java), and this page
				is that table.

				- Stock is reserved, the payment authorised, the shipment booked, the payment captured. The capture is the
				  **pivot**: before it a failure undoes what was done, one step at a time; after it the saga only goes
				  forward, and a cancellation pays back.
				- Every waiting state has a deadline. Passing it turns the order back before the pivot, and asks again after
				  it and on the way back, each time waiting twice as long.
				- A step that did not answer may have been done, so its undo is sent as well. Participants answer an undo that
				  finds nothing to undo as if it had, and keep a tombstone against the do that comes after it.
				- A message that comes late, twice or out of order has its place in the table too.
				""");
	}

	private void diagram() {
		line("## The picture\n\n```mermaid\nstateDiagram-v2\n    direction TB");
		line("    [*] --> " + PlaceOrderSaga.BEGINNING.next());
		Map<String, List<String>> edges = new LinkedHashMap<>();
		PlaceOrderSaga.TABLE.stream()
			.filter((row) -> row.to() != null)
			.forEach((row) -> row.from()
				.forEach((from) -> edges.computeIfAbsent(from + " --> " + row.to(), (_) -> new ArrayList<>())
					.addAll(row.on().stream().map(SagaDocument::words).toList())));
		edges.forEach((edge, triggers) -> line("    " + edge + ": " + String.join(" / ", triggers)));
		Arrays.stream(OrderState.values())
			.filter((state) -> state.status().isTerminal())
			.forEach((state) -> line("    " + state + " --> [*]"));
		line("```\n");
	}

	private void states() {
		line("## The states\n\n| the buyer sees | the saga is in |\n| --- | --- |");
		for (OrderStatus status : OrderStatus.values()) {
			line("| `" + status + "` | " + codes(OrderState.of(status)) + " |");
		}
		line("");
	}

	private void table() {
		line("## The table\n");
		line("A step that keeps the order in its state either sends the command of that state again (*again*), or does something without moving the order (*stays*).\n");
		line("| from | on | to | then | because |\n| --- | --- | --- | --- | --- |");
		line("| | " + code(Trigger.ORDER_PLACED) + " | " + code(PlaceOrderSaga.BEGINNING.next()) + " | "
				+ codes(PlaceOrderSaga.BEGINNING.commands()) + " | |");
		for (SagaTable.Row row : PlaceOrderSaga.TABLE) {
			String to = (row.to() != null) ? code(row.to()) : row.waits() ? "*again*" : "*stays*";
			String because = row.becauseAnswered() ? "*as answered*"
					: (row.because() != null) ? code(row.because()) : "";
			row.from()
				.forEach((from) -> line("| " + code(from) + " | " + codes(row.on()) + " | " + to + " | "
						+ codes(row.then()) + " | " + because + " |"));
		}
		line("");
	}

	private void otherwise() {
		line("## Everything else\n\n| of | in | comes nothing, because |\n| --- | --- | --- |");
		for (SagaTable.Line line : PlaceOrderSaga.OTHERWISE) {
			String states = (line.in().size() == OrderState.values().length) ? "any state without a row"
					: codes(line.in());
			line("| " + codes(line.on()) + " | " + states + " | " + (line.refused() ? "**refused**: " : "") + line.why()
					+ " |");
		}
		line("");
	}

	private void matrix() {
		line("""
				## Every message in every state

				`→` a step to another state, `↻` asks again, `+` does something without moving the order, `·` nothing is to be done,
				`✗` is refused.
				""");
		line("| | " + Arrays.stream(OrderState.values()).map(SagaDocument::code).collect(Collectors.joining(" | "))
				+ " |");
		line("| --- |" + " :---: |".repeat(OrderState.values().length));
		for (Trigger trigger : Trigger.values()) {
			line("| " + code(trigger) + " | "
					+ Arrays.stream(OrderState.values())
						.map((state) -> sign(PlaceOrderSaga.rule(state, trigger)))
						.collect(Collectors.joining(" | "))
					+ " |");
		}
	}

	private static String sign(SagaTable.Rule rule) {
		return switch (rule) {
			case SagaTable.Row row when row.to() != null -> "→";
			case SagaTable.Row row -> row.waits() ? "↻" : "+";
			case SagaTable.Line line -> line.refused() ? "✗" : "·";
		};
	}

	private static String words(Enum<?> name) {
		return name.name().toLowerCase(Locale.ROOT).replace('_', ' ');
	}

	private static String code(Object name) {
		return "`" + Objects.toString(name) + "`";
	}

	private static String codes(Collection<?> names) {
		return names.stream().map(SagaDocument::code).collect(Collectors.joining(", "));
	}

	private void line(String line) {
		this.text.append(line).append('\n');
	}

}
