package dev.sagamart.products.catalogue;

import dev.sagamart.events.Money;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.ApplicationArguments;
import org.springframework.boot.ApplicationRunner;
import org.springframework.context.annotation.Profile;
import org.springframework.core.annotation.Order;
import org.springframework.core.io.Resource;
import org.springframework.stereotype.Component;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/**
 * Creates the products of the demo. It uses the catalogue, so that the events reach the
 * other services. Does not change products whose SKU exists already.
 */
@Component
@Profile("demo")
@Order(0)
class DemoCatalogue implements ApplicationRunner {

	private static final Logger logger = LoggerFactory.getLogger(DemoCatalogue.class);

	private final Catalogue catalogue;

	private final Products products;

	private final Resource source;

	DemoCatalogue(Catalogue catalogue, Products products, @Value("classpath:demo/products.json") Resource source) {
		this.catalogue = catalogue;
		this.products = products;
		this.source = source;
	}

	@Override
	public void run(ApplicationArguments arguments) throws IOException {
		List<DemoProduct> all;
		try (InputStream json = this.source.getInputStream()) {
			all = JsonMapper.shared().readValue(json, new TypeReference<List<DemoProduct>>() {
			});
		}
		List<String> existing = this.products.findSkus();
		List<DemoProduct> missing = all.stream().filter((product) -> !existing.contains(product.sku())).toList();
		missing.forEach((product) -> this.catalogue.create(product.details(), product.stock()));
		logger.info("The demo catalogue has {} products, {} of them new", all.size(), missing.size());
	}

	/**
	 * A product in the JSON file.
	 *
	 * @param price in cents
	 */
	record DemoProduct(String sku, String name, String category, long price, long stock, String description) {

		ProductDetails details() {
			return new ProductDetails(this.sku, this.name, this.description, this.category,
					new Money(this.price, "EUR"));
		}

	}

}
