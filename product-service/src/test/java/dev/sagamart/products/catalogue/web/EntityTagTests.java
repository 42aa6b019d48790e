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
	void containsTheVersionAndTheAvailability() {
		assertThat(EntityTag.of(new CatalogueProduct(UUID.randomUUID(), "s", "n", "", "c", new Money(1, "EUR"),
				Availability.SOLD_OUT, true, 7, 0)))
			.isEqualTo("\"7.sold-out\"");
	}

	@Test
	void aPreconditionComparesOnlyTheVersion() {
		assertThat(EntityTag.precondition("\"7.sold-out\"", null).test(7)).isTrue();
		assertThat(EntityTag.precondition("\"7\"", null).test(7)).isTrue();
		assertThat(EntityTag.precondition("\"6.low\", \"7.low\"", null).test(7)).isTrue();
		assertThat(EntityTag.precondition("\"6.low\"", null).test(7)).isFalse();
	}

	@Test
	void withoutATagAnyVersionMatches() {
		assertThat(EntityTag.precondition(null, null).test(7)).isTrue();
		assertThat(EntityTag.precondition("*", null).test(7)).isTrue();
	}

	@Test
	void ifMatchIgnoresWeakAndForeignTags() {
		assertThat(EntityTag.precondition("W/\"7.low\"", null).test(7)).isFalse();
		assertThat(EntityTag.precondition("7", null).test(7)).isFalse();
		assertThat(EntityTag.precondition("\"x7\"", null).test(7)).isFalse();
		assertThat(EntityTag.precondition("", null).test(7)).isFalse();
	}

	@ParameterizedTest
	@CsvSource(quoteCharacter = '`', delimiter = ';', value = { "*; false", "\"7\"; false", "W/\"7.low\"; false",
			"\"6\", \"7.low\"; false", "\"6\"; true", "\"x7\"; true", "7; true" })
	void ifNoneMatchExcludesVersions(String ifNoneMatch, boolean write) {
		assertThat(EntityTag.precondition(null, ifNoneMatch).test(7)).isEqualTo(write);
		assertThat(EntityTag.precondition("*", ifNoneMatch).test(7)).isEqualTo(write);
		assertThat(EntityTag.precondition("\"6\"", ifNoneMatch).test(7)).isFalse();
	}

}
