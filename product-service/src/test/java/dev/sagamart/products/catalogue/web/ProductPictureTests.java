package dev.sagamart.products.catalogue.web;

import dev.sagamart.events.Money;
import dev.sagamart.products.catalogue.CatalogueProduct;
import dev.sagamart.products.stock.Availability;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import java.util.stream.IntStream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.w3c.dom.Document;

import static org.assertj.core.api.Assertions.assertThat;

class ProductPictureTests {

	@Test
	void escapesTheName() throws Exception {
		Document svg = drawn("<script>alert(\"1\")</script> & 'tea' for €5 in the Café ü");
		assertThat(svg.getDocumentElement().getTagName()).isEqualTo("svg");
		assertThat(svg.getElementsByTagName("script").getLength()).isZero();
		assertThat(svg.getDocumentElement().getAttribute("aria-label")).contains("<script>", "€5", "Café ü");
	}

	/** Tests all code points, 1,024 in each name. */
	@Test
	void isWellFormedForEveryCodePoint() throws Exception {
		for (int start = 0; start <= Character.MAX_CODE_POINT; start += 0x400) {
			StringBuilder name = new StringBuilder("a");
			IntStream.range(start, start + 0x400).forEach(name::appendCodePoint);
			assertThat(drawn(name.append('z').toString()).getDocumentElement().getAttribute("aria-label"))
				.as("U+%04X", start)
				.startsWith("a")
				.endsWith("z");
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "\u0000\u0001\u000b\u001f", "\u007f\u0085\u2028", "]]>", "<&\"'>", "<!-- -->", "&amp;&#0;",
			"\ud83d", "\ude00 tail", "\ufffe\uffff", "\ufeffmark", "\u202egnp.exe\u202c", "\u05d0\u05d1",
			"\ud83d\ude00", "<?xml?>", "%s%n%d", "${x}", "" })
	void isWellFormedForOddNames(String name) throws Exception {
		assertThat(drawn(name).getElementsByTagName("text").getLength()).isEqualTo(2);
	}

	@Test
	void breaksAWordThatIsLongerThanALine() throws Exception {
		Document svg = drawn("\ud83d\ude00".repeat(150));
		assertThat(svg.getElementsByTagName("text").getLength()).isEqualTo(5);
		assertThat(svg.getElementsByTagName("text").item(0).getTextContent()).isEqualTo("\ud83d\ude00".repeat(14));
		assertThat(svg.getElementsByTagName("text").item(3).getTextContent()).endsWith("…");
	}

	@Test
	void cutsAVeryLongName() throws Exception {
		Document svg = drawn("one two three four five six seven eight nine ten eleven twelve thirteen fourteen");
		assertThat(svg.getElementsByTagName("text").getLength()).isEqualTo(5);
		assertThat(svg.getElementsByTagName("text").item(3).getTextContent()).endsWith("…");
	}

	private static Document drawn(String name) throws Exception {
		String svg = ProductPicture.of(new CatalogueProduct(UUID.randomUUID(), "SKU-1", name, "", "books",
				new Money(1, "EUR"), Availability.LOW, true, 0, 0));
		return DocumentBuilderFactory.newInstance()
			.newDocumentBuilder()
			.parse(new ByteArrayInputStream(svg.getBytes(StandardCharsets.UTF_8)));
	}

}
