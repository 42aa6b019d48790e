package dev.sagamart.products.catalogue;

import dev.sagamart.events.Money;
import dev.sagamart.platform.messages.Message;
import java.time.Instant;
import java.util.UUID;
import java.util.stream.Stream;
import org.springframework.test.util.ReflectionTestUtils;

/** Examples of the events of products. */
public final class ProductExamples {

	private ProductExamples() {
	}

	/** One event of every type. */
	public static Stream<Message> events() {
		Product discontinued = product();
		discontinued.discontinue(Instant.now());
		return Stream.of(product().toEvent(), discontinued.toEvent());
	}

	private static Product product() {
		Product product = new Product(UUID.randomUUID(),
				new ProductDetails("LAMP-1", "Lamp", "Gives light.", "Living", new Money(1999, "EUR")), Instant.now());
		// Hibernate sets the version when it stores the product.
		ReflectionTestUtils.setField(product, "version", 7L);
		return product;
	}

}
