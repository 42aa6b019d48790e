package dev.sagamart.products.recommendation;

import dev.sagamart.events.Money;
import dev.sagamart.products.catalogue.CatalogueProduct;
import dev.sagamart.products.recommendation.Recommendations.Source;
import dev.sagamart.products.stock.Availability;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class RecommendationsTests {

	private final CatalogueProduct lamp = product("Lamp");

	private final CatalogueProduct chair = product("Chair");

	@Test
	void areRelatedProductsIfThereAreAny() {
		Recommendations recommendations = new Recommendations((id, user) -> List.of(this.chair),
				(limit) -> List.of(this.lamp));
		assertThat(recommendations.forProduct(this.lamp.id(), null))
			.isEqualTo(new Recommendations.Recommended(List.of(this.chair), Source.RELATED));
	}

	@Test
	void arePopularOnesOtherwiseButNeverTheProductItself() {
		Recommendations recommendations = new Recommendations((id, user) -> List.of(),
				(limit) -> List.of(this.lamp, this.chair));
		assertThat(recommendations.forProduct(this.lamp.id(), null))
			.isEqualTo(new Recommendations.Recommended(List.of(this.chair), Source.POPULAR));
	}

	@Test
	void comeFromMemoryWhileTheDatabaseIsAway() {
		AtomicBoolean away = new AtomicBoolean();
		Recommendations recommendations = new Recommendations((id, user) -> {
			if (away.get()) {
				throw new IllegalStateException("away");
			}
			return List.of();
		}, (limit) -> List.of(this.chair));
		assertThat(recommendations.forProduct(this.lamp.id(), null).source()).isEqualTo(Source.POPULAR);
		away.set(true);
		assertThat(recommendations.forProduct(this.lamp.id(), null).products()).containsExactly(this.chair);
	}

	@Test
	void areNoneAtTheWorst() {
		Recommendations recommendations = new Recommendations((id, user) -> {
			throw new IllegalStateException("away");
		}, (limit) -> List.of(this.chair));
		assertThat(recommendations.forProduct(this.lamp.id(), null))
			.isEqualTo(new Recommendations.Recommended(List.of(), Source.NONE));
	}

	private static CatalogueProduct product(String name) {
		return new CatalogueProduct(UUID.randomUUID(), name, name, "", "home", new Money(1, "EUR"),
				Availability.IN_STOCK, true, 0, 0);
	}

}
