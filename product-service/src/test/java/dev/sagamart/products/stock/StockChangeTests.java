package dev.sagamart.products.stock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.sagamart.events.Money;
import dev.sagamart.events.OrderLine;
import dev.sagamart.events.StockCommand;
import dev.sagamart.events.StockCommand.ReleaseStock;
import dev.sagamart.events.StockCommand.ReserveStock;
import dev.sagamart.events.StockCommand.ReturnStock;
import dev.sagamart.platform.messaging.MessageContext;
import dev.sagamart.platform.messaging.inbox.Received;
import dev.sagamart.products.stock.StockChange.Kind;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class StockChangeTests {

	private static final UUID ORDER = UUID.randomUUID();

	private static final MessageContext CONTEXT = new MessageContext("correlation", null);

	@Test
	void isCreatedFromCommandsOfTheSaga() {
		List<OrderLine> lines = List.of(line(1), line(3));
		assertThat(fromCommand(new ReserveStock(ORDER, lines))).isEqualTo(change(Kind.RESERVE, lines));
		assertThat(fromCommand(new ReleaseStock(ORDER))).isEqualTo(change(Kind.RELEASE, List.of()));
		assertThat(fromCommand(new ReturnStock(ORDER))).isEqualTo(change(Kind.RETURN, List.of()));
	}

	@Test
	void requiresLinesWithPositiveQuantities() {
		for (List<OrderLine> lines : List.of(List.<OrderLine>of(), List.of(line(0)), List.of(line(2), line(-1)))) {
			assertThatIllegalArgumentException().isThrownBy(() -> fromCommand(new ReserveStock(ORDER, lines)));
		}
	}

	private static StockChange fromCommand(StockCommand command) {
		return StockChange.fromCommand(new Received<>(UUID.randomUUID(), command, CONTEXT, Instant.EPOCH));
	}

	private static StockChange change(Kind kind, List<OrderLine> lines) {
		return new StockChange(ORDER, kind, lines, CONTEXT);
	}

	private static OrderLine line(int quantity) {
		return new OrderLine(UUID.randomUUID(), quantity, new Money(1999, "EUR"));
	}

}
