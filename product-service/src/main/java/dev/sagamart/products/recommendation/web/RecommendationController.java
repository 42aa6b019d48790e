package dev.sagamart.products.recommendation.web;

import dev.sagamart.platform.openapi.Answers;
import dev.sagamart.platform.security.Caller;
import dev.sagamart.products.catalogue.web.ProductResponse;
import dev.sagamart.products.catalogue.web.PublicResponses;
import dev.sagamart.products.recommendation.Recommendations;
import dev.sagamart.products.recommendation.Recommendations.Recommended;
import dev.sagamart.products.recommendation.Recommendations.Source;
import jakarta.annotation.security.PermitAll;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.context.request.WebRequest;

/** Returns recommendations. A failure leads to fewer recommendations, not to an error. */
@RestController
@PermitAll
class RecommendationController {

	private final Recommendations recommendations;

	RecommendationController(Recommendations recommendations) {
		this.recommendations = recommendations;
	}

	@GetMapping("/api/v1/products/{id}/recommendations")
	@Answers(value = { 200, 304 }, never = 404)
	ResponseEntity<RecommendationsResponse> recommendations(@PathVariable UUID id, @Nullable Caller caller,
			WebRequest request) {
		return PublicResponses.of(RecommendationsResponse
			.from(this.recommendations.forProduct(id, (caller != null) ? caller.userId() : null)), request);
	}

	record RecommendationsResponse(List<ProductResponse> items, Source source) {

		static RecommendationsResponse from(Recommended recommended) {
			return new RecommendationsResponse(recommended.products().stream().map(ProductResponse::from).toList(),
					recommended.source());
		}

	}

}
