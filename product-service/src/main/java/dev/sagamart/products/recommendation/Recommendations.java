package dev.sagamart.products.recommendation;

import dev.openfeature.sdk.Client;
import dev.openfeature.sdk.EvaluationContext;
import dev.openfeature.sdk.ImmutableContext;
import dev.sagamart.products.catalogue.Catalogue;
import dev.sagamart.products.catalogue.CatalogueProduct;
import java.util.List;
import java.util.UUID;
import java.util.function.BiFunction;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.stereotype.Service;

/**
 * Recommends other products. A failure must not break the product page: without related
 * products, it recommends best-selling products; without the database, the best-selling
 * products of the last successful query; otherwise nothing. The feature flag
 * {@value #RULE} selects which products are related.
 */
@Service
public class Recommendations {

	static final String RULE = "recommendation-rule";

	private static final Logger logger = LoggerFactory.getLogger(Recommendations.class);

	private static final int SIZE = 8;

	/** Finds related products for a user, who may be unknown. */
	private final BiFunction<UUID, @Nullable UUID, List<CatalogueProduct>> related;

	private final IntFunction<List<CatalogueProduct>> bestSelling;

	private volatile List<CatalogueProduct> lastBestSelling = List.of();

	@Autowired
	Recommendations(Catalogue catalogue, Client flags) {
		this((id, userId) -> switch (flags.getStringValue(RULE, "best-sold", user(userId))) {
			case "closest-price" -> catalogue.closestInPrice(id, SIZE);
			default -> catalogue.related(id, SIZE);
		}, catalogue::bestSelling);
	}

	Recommendations(BiFunction<UUID, @Nullable UUID, List<CatalogueProduct>> related,
			IntFunction<List<CatalogueProduct>> bestSelling) {
		this.related = related;
		this.bestSelling = bestSelling;
	}

	private static EvaluationContext user(@Nullable UUID userId) {
		return (userId != null) ? new ImmutableContext(userId.toString()) : new ImmutableContext();
	}

	public enum Source {

		RELATED, POPULAR, NONE

	}

	/** Recommended products, the best ones first. */
	public record Recommended(List<CatalogueProduct> products, Source source) {
	}

	/**
	 * Recommends products.
	 * @param userId the user who views the product, if known; each user always gets the
	 * same variant of the feature flag
	 */
	public Recommended forProduct(UUID productId, @Nullable UUID userId) {
		try {
			List<CatalogueProduct> products = this.related.apply(productId, userId);
			if (!products.isEmpty()) {
				return new Recommended(products, Source.RELATED);
			}
			this.lastBestSelling = List.copyOf(this.bestSelling.apply(SIZE + 1));
		}
		catch (RuntimeException ex) {
			logger.warn("Cannot query recommendations, using the last best-selling products: {}", ex.toString());
		}
		List<CatalogueProduct> popular = this.lastBestSelling.stream()
			.filter((product) -> !product.id().equals(productId))
			.limit(SIZE)
			.toList();
		return new Recommended(popular, popular.isEmpty() ? Source.NONE : Source.POPULAR);
	}

}
