package dev.sagamart.products.catalogue.web;

import dev.sagamart.events.Money;
import dev.sagamart.products.catalogue.CatalogueProduct;
import dev.sagamart.products.stock.Availability;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

class EntityTagTests {

	@Test
	void tellsVersionAndAvailability() {
		assertThat(EntityTag.of(new CatalogueProduct(UUID.randomUUID(), "s", "n", "", "c", new Money(1, "EUR"),
				Availability.SOLD_OUT, true, 7, 0)))
			.isEqualTo("\"7.sold-out\"");
	}

	@Test
	void aWriteDependsOnTheVersionAlone() {
		assertThat(EntityTag.expected("\"7.sold-out\"", null).test(7)).isTrue();
		assertThat(EntityTag.expected("\"7\"", null).test(7)).isTrue();
		assertThat(EntityTag.expected("\"6.low\", \"7.low\"", null).test(7)).isTrue();
		assertThat(EntityTag.expected("\"6.low\"", null).test(7)).isFalse();
	}

	@Test
	void withoutATagAnyVersionIsFine() {
		assertThat(EntityTag.expected(null, null).test(7)).isTrue();
		assertThat(EntityTag.expected("*", null).test(7)).isTrue();
	}

	@Test
	void weakAndForeignTagsNeverMatch() {
		assertThat(EntityTag.expected("W/\"7.low\"", null).test(7)).isFalse();
		assertThat(EntityTag.expected("7", null).test(7)).isFalse();
		assertThat(EntityTag.expected("\"x7\"", null).test(7)).isFalse();
		assertThat(EntityTag.expected("", null).test(7)).isFalse();
	}

	@ParameterizedTest
	@CsvSource(quoteCharacter = '`', delimiter = ';', value = { "*; false", "\"7\"; false", "W/\"7.low\"; false",
			"\"6\", \"7.low\"; false", "\"6\"; true", "\"x7\"; true", "7; true" })
	void aWriteCanBeMeantForOtherVersionsOnly(String ifNoneMatch, boolean write) {
		assertThat(EntityTag.expected(null, ifNoneMatch).test(7)).isEqualTo(write);
		assertThat(EntityTag.expected("*", ifNoneMatch).test(7)).isEqualTo(write);
		assertThat(EntityTag.expected("\"6\"", ifNoneMatch).test(7)).isFalse();
	}

}
