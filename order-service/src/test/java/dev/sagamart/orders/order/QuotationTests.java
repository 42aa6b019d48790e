package dev.sagamart.orders.order;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sagamart.events.Money;
import dev.sagamart.orders.order.Quotation.MixedCurrencies;
import dev.sagamart.orders.order.Quotation.NotChargeable;
import dev.sagamart.orders.order.Quotation.NotSold;
import dev.sagamart.orders.order.Quotation.PriceUnknown;
import dev.sagamart.orders.order.Quotation.Quoted;
import dev.sagamart.orders.order.Quotation.TotalTooLarge;
import dev.sagamart.orders.pricing.Prices;
import dev.sagamart.orders.pricing.Quote;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class QuotationTests {

	private static final UUID TEA = UUID.randomUUID();

	private static final UUID POT = UUID.randomUUID();

	@Test
	void linesComeInTheOrderInWhichTheyWereAskedForAtThePricesOfNow() {
		assertThat(quotation(euros(499), euros(2500)))
			.isEqualTo(new Quoted(List.of(new Order.Line(TEA, "A product", new Money(499, "EUR"), 2),
					new Order.Line(POT, "A product", new Money(2500, "EUR"), 3))));
	}

	@Test
	void whatIsNotSoldIsNamed() {
		assertThat(Quotation.of(quantities(), new Prices(Map.of(TEA, euros(499)), Set.of())))
			.isEqualTo(new NotSold(Set.of(POT)));
	}

	@Test
	void noPriceIsGuessed() {
		assertThat(Quotation.of(quantities(), new Prices(Map.of(TEA, euros(499)), Set.of(POT))))
			.isEqualTo(new PriceUnknown());
	}

	@Test
	void currenciesAreNotAdded() {
		assertThat(quotation(euros(499), new Quote("A product", new Money(2500, "USD"))))
			.isEqualTo(new MixedCurrencies());
	}

	@Test
	void theTotalMayBeWhatCanBeChargedAndNoMore() {
		// Two of the one and three of the other: 99,999,999 is the largest amount.
		assertThat(quotation(euros(49_999_998), euros(1))).isInstanceOf(Quoted.class);
		assertThat(quotation(euros(49_999_997), euros(2))).isEqualTo(new TotalTooLarge());
	}

	@Test
	void anOverflowIsTooLarge() {
		assertThat(quotation(euros(Long.MAX_VALUE), euros(1))).isEqualTo(new TotalTooLarge());
	}

	@Test
	void aTotalThatNobodyCanBeChargedIsRefused() {
		assertThat(quotation(of(1233, "KWD"), of(1230, "KWD"))).isEqualTo(new NotChargeable(new Money(6156, "KWD")));
		assertThat(quotation(of(1999, "HRK"), of(1, "HRK"))).isEqualTo(new NotChargeable(new Money(4001, "HRK")));
	}

	private static Quotation quotation(Quote tea, Quote pot) {
		return Quotation.of(quantities(), new Prices(Map.of(TEA, tea, POT, pot), Set.of()));
	}

	private static SequencedMap<UUID, Integer> quantities() {
		SequencedMap<UUID, Integer> quantities = new LinkedHashMap<>();
		quantities.put(TEA, 2);
		quantities.put(POT, 3);
		return quantities;
	}

	private static Quote euros(long amount) {
		return of(amount, "EUR");
	}

	private static Quote of(long amount, String currency) {
		return new Quote("A product", new Money(amount, currency));
	}

}
