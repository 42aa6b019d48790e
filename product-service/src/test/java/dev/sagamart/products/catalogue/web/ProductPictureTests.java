package dev.sagamart.products.catalogue.web;

import dev.sagamart.events.Money;
import dev.sagamart.products.catalogue.CatalogueProduct;
import dev.sagamart.products.stock.Availability;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;

import static org.assertj.core.api.Assertions.assertThat;

class ProductPictureTests {

	@Test
	void isWellFormedWhateverTheNameIs() throws Exception {
		Document svg = drawn("<script>alert(\"1\")</script> & 'tea' for €5 in the Café ü");
		assertThat(svg.getDocumentElement().getTagName()).isEqualTo("svg");
		assertThat(svg.getElementsByTagName("script").getLength()).isZero();
		assertThat(svg.getDocumentElement().getAttribute("aria-label")).contains("<script>", "€5", "Café ü");
	}

	@Test
	void cutsAVeryLongName() throws Exception {
		Document svg = drawn("one two three four five six seven eight nine ten eleven twelve thirteen fourteen");
		assertThat(svg.getElementsByTagName("text").getLength()).isEqualTo(5);
		assertThat(svg.getElementsByTagName("text").item(3).getTextContent()).endsWith("…");
	}

	private static Document drawn(String name) throws Exception {
		String svg = ProductPicture.of(new CatalogueProduct(UUID.randomUUID(), "SKU-1", name, "", "books",
				new Money(1, "EUR"), Availability.LOW, true, 0));
		return DocumentBuilderFactory.newInstance()
			.newDocumentBuilder()
			.parse(new ByteArrayInputStream(svg.getBytes(StandardCharsets.UTF_8)));
	}

}
