package dev.sagamart.products.catalogue.web;

import dev.sagamart.platform.openapi.Answers;
import dev.sagamart.platform.web.Page;
import dev.sagamart.platform.web.PageQuery;
import dev.sagamart.products.catalogue.Catalogue;
import dev.sagamart.products.catalogue.Category;
import jakarta.annotation.security.PermitAll;
import java.util.List;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.context.request.WebRequest;

/** Lists the categories in the order of their slugs. */
@RestController
@PermitAll
class CategoryController {

	private final Catalogue catalogue;

	CategoryController(Catalogue catalogue) {
		this.catalogue = catalogue;
	}

	@GetMapping("/api/v1/categories")
	@Answers({ 200, 304 })
	ResponseEntity<Page<CategoryResponse>> list(PageQuery page, WebRequest request) {
		String after = page.isFirst() ? "" : page.after(CategoryController::slugOf);
		return PublicResponses.of(Page.of(this.catalogue.categories(after, page.fetchSize()), page,
				CategoryResponse::from, (category) -> List.of(category.slug())), request);
	}

	private static String slugOf(List<String> parts) {
		if (parts.size() != 1 || !parts.getFirst().matches(Category.SLUG)) {
			throw new IllegalArgumentException("Not a slug: " + parts);
		}
		return parts.getFirst();
	}

	record CategoryResponse(String slug, long products) {

		static CategoryResponse from(Category category) {
			return new CategoryResponse(category.slug(), category.products());
		}

	}

}
