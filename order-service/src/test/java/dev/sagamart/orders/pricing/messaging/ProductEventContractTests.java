package dev.sagamart.orders.pricing.messaging;

import static org.mockito.Mockito.verify;

import dev.sagamart.events.Money;
import dev.sagamart.events.Topics;
import dev.sagamart.orders.pricing.ListedPrice;
import dev.sagamart.orders.pricing.PriceList;
import dev.sagamart.orders.pricing.Quote;
import dev.sagamart.platform.messaging.inbox.Subscription;
import dev.sagamart.platform.test.contract.ConsumerContract;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.mockito.Mockito;

/** What the price list reads of products. */
class ProductEventContractTests {

	private static final UUID PRODUCT = UUID.fromString("0199f0a0-0000-7000-8000-000000000003");

	private static final ConsumerContract CONTRACT = new ConsumerContract("order-service.pricing", "product-service")
		.reads(Topics.PRODUCT_EVENTS, "product.changed.v1",
				(event) -> event.uuid("productId", PRODUCT)
					.stringType("sku", "BOOK-0001")
					.stringType("name", "The Long Way Round")
					.object("price", (money) -> money.integerType("amount", 1999).stringType("currency", "EUR"))
					.integerType("version", 7))
		.reads(Topics.PRODUCT_EVENTS, "product.discontinued.v1",
				(event) -> event.uuid("productId", PRODUCT).integerType("version", 8));

	private final PriceList priceList = Mockito.mock();

	private final Subscription subscription = new PriceListSubscription().productEvents(this.priceList);

	@Test
	void takesThePriceOfAProduct() {
		take("product.changed.v1");
		verify(this.priceList)
			.learn(List.of(new ListedPrice(PRODUCT, new Quote("The Long Way Round", new Money(1999, "EUR")), 7)));
	}

	@Test
	void takesThatAProductIsNoLongerSold() {
		take("product.discontinued.v1");
		verify(this.priceList).learn(List.of(new ListedPrice(PRODUCT, null, 8)));
	}

	@Test
	void isCommitted() {
		CONTRACT.requireCommitted();
	}

	private void take(String type) {
		this.subscription.handle(List.of(this.subscription.read(CONTRACT.example(type))));
	}

}
