package dev.sagamart.products.catalogue.web;

import dev.sagamart.platform.web.ProblemException;
import dev.sagamart.products.catalogue.Catalogue;
import java.time.Duration;
import java.util.UUID;
import org.springframework.http.CacheControl;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;

/** Pictures of products, drawn from what is known of them; old orders keep theirs. */
@RestController
class ImageController {

	private static final CacheControl CACHING = CacheControl.maxAge(Duration.ofHours(1)).cachePublic();

	private final Catalogue catalogue;

	ImageController(Catalogue catalogue) {
		this.catalogue = catalogue;
	}

	@GetMapping(path = "/api/v1/products/{id}/image", produces = "image/svg+xml")
	ResponseEntity<String> image(@PathVariable UUID id) {
		return this.catalogue.find(id)
			.map((product) -> ResponseEntity.ok().cacheControl(CACHING).body(ProductPicture.of(product)))
			.orElseThrow(() -> ProblemException.notFound("There is no product " + id + "."));
	}

}
