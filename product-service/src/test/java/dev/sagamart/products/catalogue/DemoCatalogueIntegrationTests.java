package dev.sagamart.products.catalogue;

import dev.sagamart.events.ProductEvent.ProductChanged;
import dev.sagamart.platform.test.KafkaMessages;
import dev.sagamart.platform.test.PlatformTest;
import dev.sagamart.products.catalogue.ProductSearch.Found;
import dev.sagamart.products.catalogue.ProductSearch.Order;
import dev.sagamart.products.stock.Availability;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.DefaultApplicationArguments;
import org.springframework.core.io.ClassPathResource;

import static org.assertj.core.api.Assertions.assertThat;

@PlatformTest
class DemoCatalogueIntegrationTests {

	@Autowired
	Catalogue catalogue;

	@Autowired
	CatalogueReader reader;

	@Autowired
	Products products;

	@Autowired
	KafkaMessages messages;

	@Test
	void createsEachProductOnlyOnce() throws Exception {
		DemoCatalogue demo = new DemoCatalogue(this.catalogue, this.products,
				new ClassPathResource("demo/products.json"));
		demo.run(new DefaultApplicationArguments());
		List<CatalogueProduct> first = demoProducts();
		demo.run(new DefaultApplicationArguments());
		assertThat(demoProducts()).isEqualTo(first).hasSizeGreaterThanOrEqualTo(60);
		assertThat(first).extracting(CatalogueProduct::availability).contains(Availability.LOW, Availability.SOLD_OUT);
		assertThat(first).allSatisfy((product) -> assertThat(product.price().currency()).isEqualTo("EUR"));
		first.forEach((product) -> assertThat(this.messages.await(ProductChanged.class, product.id()).sku())
			.isEqualTo(product.sku()));
	}

	private List<CatalogueProduct> demoProducts() {
		List<CatalogueProduct> all = new ArrayList<>();
		for (String category : List.of("books", "kitchen", "garden", "electronics", "toys", "clothing")) {
			List<CatalogueProduct> some = this.reader.search(new ProductSearch(null, category, Order.NAME), null, 100)
				.stream()
				.map(Found::product)
				.filter((product) -> product.sku().matches("[A-Z]{3,4}-[0-9]{3}"))
				.toList();
			assertThat(some).as(category).hasSizeGreaterThanOrEqualTo(10);
			all.addAll(some);
		}
		return all;
	}

}
