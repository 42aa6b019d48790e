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
 * Products to look at and buy. They are created as an administrator would, so that the
 * other services hear of them; what exists already, under its SKU, is left as it is.
 */
@Component
@Profile("demo")
@Order(0)
class DemoCatalogue implements ApplicationRunner {

	private static final Logger LOG = LoggerFactory.getLogger(DemoCatalogue.class);

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
		List<DemoProduct> wanted;
		try (InputStream json = this.source.getInputStream()) {
			wanted = JsonMapper.shared().readValue(json, new TypeReference<List<DemoProduct>>() {
			});
		}
		List<String> known = this.products.skus();
		List<DemoProduct> missing = wanted.stream().filter((product) -> !known.contains(product.sku())).toList();
		missing.forEach((product) -> this.catalogue.create(product.details(), product.stock()));
		LOG.info("The demo catalogue is there: {} products, {} of them new", wanted.size(), missing.size());
	}

	/**
	 * A product of the file.
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
