package dev.sagamart.products.recommendation;

import dev.openfeature.sdk.Client;
import dev.openfeature.sdk.EvaluationContext;
import dev.openfeature.sdk.ImmutableContext;
import dev.sagamart.products.catalogue.Catalogue;
import dev.sagamart.products.catalogue.CatalogueProduct;
import java.util.List;
import java.util.UUID;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.stereotype.Service;

/**
 * What else a customer might like. A page is not to fail for it: without related products
 * there are the best sold ones, without a database those that were the best sold when it
 * last answered, and nothing at the worst. Which products are related is up to the
 * feature flag {@value #RULE}.
 */
@Service
public class Recommendations {

	static final String RULE = "recommendation-rule";

	private static final Logger LOG = LoggerFactory.getLogger(Recommendations.class);

	private static final int SIZE = 8;

	private final Related related;

	private final IntFunction<List<CatalogueProduct>> bestSelling;

	private volatile List<CatalogueProduct> lastBestSelling = List.of();

	@Autowired
	Recommendations(Catalogue catalogue, Client flags) {
		this((id, userId) -> switch (flags.getStringValue(RULE, "best-sold", user(userId))) {
			case "closest-price" -> catalogue.closestInPrice(id, SIZE);
			default -> catalogue.related(id, SIZE);
		}, catalogue::bestSelling);
	}

	Recommendations(Related related, IntFunction<List<CatalogueProduct>> bestSelling) {
		this.related = related;
		this.bestSelling = bestSelling;
	}

	private static EvaluationContext user(@Nullable UUID userId) {
		return (userId != null) ? new ImmutableContext(userId.toString()) : new ImmutableContext();
	}

	/** Finds products like one, for a user who may be unknown. */
	@FunctionalInterface
	interface Related {

		List<CatalogueProduct> to(UUID productId, @Nullable UUID userId);

	}

	/** Where recommendations come from. */
	public enum Source {

		RELATED, POPULAR, NONE

	}

	/** Recommended products, the best one first. */
	public record Recommended(List<CatalogueProduct> products, Source source) {
	}

	/**
	 * Recommends products.
	 * @param userId who looks, if that is known: a user stays with one rule
	 */
	public Recommended forProduct(UUID productId, @Nullable UUID userId) {
		try {
			List<CatalogueProduct> products = this.related.to(productId, userId);
			if (!products.isEmpty()) {
				return new Recommended(products, Source.RELATED);
			}
			this.lastBestSelling = List.copyOf(this.bestSelling.apply(SIZE + 1));
		}
		catch (RuntimeException ex) {
			LOG.warn("Recommendations come from memory: {}", ex.toString());
		}
		List<CatalogueProduct> popular = this.lastBestSelling.stream()
			.filter((product) -> !product.id().equals(productId))
			.limit(SIZE)
			.toList();
		return new Recommended(popular, popular.isEmpty() ? Source.NONE : Source.POPULAR);
	}

}
