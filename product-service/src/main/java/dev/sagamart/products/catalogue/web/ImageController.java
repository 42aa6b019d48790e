package dev.sagamart.products.catalogue.web;

import dev.sagamart.platform.openapi.Answers;
import dev.sagamart.platform.problem.ProblemException;
import dev.sagamart.products.catalogue.Catalogue;
import jakarta.annotation.security.PermitAll;
import java.time.Duration;
import java.util.UUID;
import org.springframework.http.CacheControl;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.context.request.WebRequest;

/** Draws images of products. Discontinued ones have an image too, for their orders. */
@RestController
@PermitAll
class ImageController {

	private static final CacheControl CACHING = CacheControl.maxAge(Duration.ofMinutes(5)).cachePublic();

	private final Catalogue catalogue;

	ImageController(Catalogue catalogue) {
		this.catalogue = catalogue;
	}

	@Answers({ 200, 304 })
	@GetMapping(path = "/api/v1/products/{id}/image", produces = "image/svg+xml")
	ResponseEntity<String> image(@PathVariable UUID id, WebRequest request) {
		return this.catalogue.find(id)
			.map(ProductPicture::of)
			.map((picture) -> PublicResponses.of(picture, PublicResponses.tagOf(picture), CACHING, request))
			.orElseThrow(() -> ProblemException.notFound("There is no product " + id + "."));
	}

}
