package dev.sagamart.products.catalogue.web;

import dev.sagamart.events.ChargeableCurrency;
import dev.sagamart.events.Money;
import dev.sagamart.platform.openapi.Answers;
import dev.sagamart.platform.problem.FieldProblem;
import dev.sagamart.platform.problem.ProblemException;
import dev.sagamart.platform.web.Page;
import dev.sagamart.platform.web.PageQuery;
import dev.sagamart.platform.web.StorableText;
import dev.sagamart.products.catalogue.Catalogue;
import dev.sagamart.products.catalogue.Catalogue.Change;
import dev.sagamart.products.catalogue.CatalogueProduct;
import dev.sagamart.products.catalogue.Category;
import dev.sagamart.products.catalogue.ProductDetails;
import dev.sagamart.products.catalogue.ProductSearch;
import dev.sagamart.products.catalogue.ProductSearch.Order;
import dev.sagamart.products.catalogue.ProductSearch.Position;
import dev.sagamart.products.stock.Stock;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Schema;
import jakarta.annotation.security.PermitAll;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import java.net.URI;
import java.util.UUID;
import org.hibernate.validator.constraints.CodePointLength;
import org.jspecify.annotations.Nullable;
import org.springframework.http.CacheControl;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.security.access.annotation.Secured;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.context.request.WebRequest;

/** Anyone may read products. Only administrators may change them. */
@RestController
@RequestMapping("/api/v1/products")
@Secured("ROLE_ADMIN")
class ProductController {

	private static final int MAX_WORDS = 200;

	private final Catalogue catalogue;

	private final Stock stock;

	ProductController(Catalogue catalogue, Stock stock) {
		this.catalogue = catalogue;
		this.stock = stock;
	}

	@PermitAll
	@GetMapping
	@Answers({ 200, 304 })
	ResponseEntity<Page<ProductResponse>> list(
			@Parameter(schema = @Schema(maxLength = MAX_WORDS)) @RequestParam(required = false) @Nullable String q,
			@Parameter(schema = @Schema(pattern = "^" + Category.SLUG + "$")) @RequestParam(
					required = false) @Nullable String category,
			@Parameter(schema = @Schema(allowableValues = { "name", "price", "-price", "newest" })) @RequestParam(
					required = false) @Nullable String sort,
			PageQuery page, WebRequest request) {
		ProductSearch search = searchOf(q, category, sort);
		Position after = page.isFirst() ? null : page.after((parts) -> Position.of(parts, search.order()));
		return PublicResponses.of(
				Page.of(this.catalogue.search(search, after, page.fetchSize()), page,
						(found) -> ProductResponse.from(found.product()), (found) -> found.position().toKey()),
				request);
	}

	@PermitAll
	@GetMapping("/{id}")
	@Answers({ 200, 304 })
	ResponseEntity<ProductResponse> one(@PathVariable UUID id, WebRequest request) {
		return this.catalogue.find(id)
			.filter(CatalogueProduct::active)
			.map((product) -> PublicResponses.of(ProductResponse.from(product), EntityTag.of(product),
					CacheControl.noCache(), request))
			.orElseThrow(() -> unknown(id));
	}

	@PostMapping
	@Answers({ 201, 409 })
	ResponseEntity<ProductResponse> create(@Valid @RequestBody NewProductRequest request) {
		CatalogueProduct product = productOf(this.catalogue.create(request.details(), request.initialStock()), null);
		return ok(HttpStatus.CREATED, product).location(URI.create("/api/v1/products/" + product.id()))
			.body(ProductResponse.from(product));
	}

	@PutMapping("/{id}")
	@Answers(409)
	ResponseEntity<ProductResponse> update(@PathVariable UUID id, @Valid @RequestBody ProductRequest request,
			@RequestHeader(name = HttpHeaders.IF_MATCH, required = false) @Nullable String ifMatch,
			@RequestHeader(name = HttpHeaders.IF_NONE_MATCH, required = false) @Nullable String ifNoneMatch) {
		checkInitialStock(id, request.initialStock());
		CatalogueProduct product = productOf(
				this.catalogue.update(id, request.details(), EntityTag.precondition(ifMatch, ifNoneMatch)), id);
		return ok(HttpStatus.OK, product).body(ProductResponse.from(product));
	}

	@DeleteMapping("/{id}")
	@ResponseStatus(HttpStatus.NO_CONTENT)
	void discontinue(@PathVariable UUID id,
			@RequestHeader(name = HttpHeaders.IF_MATCH, required = false) @Nullable String ifMatch,
			@RequestHeader(name = HttpHeaders.IF_NONE_MATCH, required = false) @Nullable String ifNoneMatch) {
		productOf(this.catalogue.discontinue(id, EntityTag.precondition(ifMatch, ifNoneMatch)), id);
	}

	@PostMapping("/{id}/restoration")
	@Answers({ 200, 409 })
	ResponseEntity<ProductResponse> restore(@PathVariable UUID id,
			@RequestHeader(name = HttpHeaders.IF_MATCH, required = false) @Nullable String ifMatch,
			@RequestHeader(name = HttpHeaders.IF_NONE_MATCH, required = false) @Nullable String ifNoneMatch) {
		CatalogueProduct product = productOf(this.catalogue.restore(id, EntityTag.precondition(ifMatch, ifNoneMatch)),
				id);
		return ok(HttpStatus.OK, product).body(ProductResponse.from(product));
	}

	private static ProductSearch searchOf(@Nullable String q, @Nullable String category, @Nullable String sort) {
		String words = (q != null && !q.isBlank()) ? q.strip() : null;
		if (words != null && (words.codePointCount(0, words.length()) > MAX_WORDS || !StorableText.isStorable(words))) {
			throw ProblemException.badRequest("INVALID_QUERY",
					"'q' must be valid text of at most " + MAX_WORDS + " characters.");
		}
		if (category != null && !category.matches(Category.SLUG)) {
			throw ProblemException.badRequest("INVALID_CATEGORY", "'category' " + SLUG_MESSAGE + ".");
		}
		return new ProductSearch(words, category, orderOf(sort, words));
	}

	private static Order orderOf(@Nullable String sort, @Nullable String words) {
		return switch (sort) {
			case null -> (words != null) ? Order.RELEVANCE : Order.NAME;
			case "name" -> Order.NAME;
			case "price" -> Order.PRICE;
			case "-price" -> Order.PRICE_DESCENDING;
			case "newest" -> Order.NEWEST;
			default ->
				throw ProblemException.badRequest("INVALID_SORT", "'sort' must be name, price, -price or newest.");
		};
	}

	/** A client may send the same value as when it created the product, but no other. */
	private void checkInitialStock(UUID id, @Nullable Long initialStock) {
		if (initialStock != null
				&& this.stock.initialOf(id).filter((initial) -> !initial.equals(initialStock)).isPresent()) {
			throw ProblemException
				.invalid(new FieldProblem("initialStock", "cannot be changed; adjust the stock instead"));
		}
	}

	private static CatalogueProduct productOf(Change change, @Nullable UUID id) {
		return switch (change) {
			case Change.Done done -> done.product();
			case Change.SkuTaken _ ->
				throw ProblemException.conflict("SKU_TAKEN", "Another product has this SKU. Choose another SKU.");
			case Change.Stale _ -> throw ProblemException.of(HttpStatus.PRECONDITION_FAILED, "STALE_VERSION",
					"The product has changed since you read it. Read it again before you change it.");
			case Change.UnknownProduct _ -> throw unknown(id);
		};
	}

	private static ResponseEntity.BodyBuilder ok(HttpStatus status, CatalogueProduct product) {
		return ResponseEntity.status(status).eTag(EntityTag.of(product));
	}

	private static ProblemException unknown(@Nullable UUID id) {
		return ProblemException.notFound("There is no product " + id + ".");
	}

	record PriceRequest(@NotNull @Min(1) @Max(999_999_999_999L) Long amount,
			@NotNull @Pattern(regexp = "[A-Z]{3}", message = "must be an ISO 4217 code") String currency) {

		Money toMoney() {
			ChargeableCurrency chargeable = ChargeableCurrency.find(this.currency)
				.orElseThrow(() -> ProblemException
					.invalid(new FieldProblem("price.currency", "must be a currency that can be paid in")));
			if (!chargeable.takes(this.amount)) {
				throw ProblemException.invalid(new FieldProblem("price.amount",
						chargeable.divides(this.amount)
								? "must be at most " + chargeable.largest() + " in " + this.currency
								: "must be a multiple of " + chargeable.step() + " in " + this.currency));
			}
			return new Money(this.amount, this.currency);
		}

	}

	record NewProductRequest(@NotNull @Pattern(regexp = SKU, message = SKU_MESSAGE) String sku,
			@NotNull @CodePointLength(max = 150) @Pattern(regexp = LINE, message = LINE_MESSAGE) String name,
			@NotNull @CodePointLength(max = 4000) String description,
			@NotNull @Pattern(regexp = Category.SLUG, message = SLUG_MESSAGE) String category,
			@NotNull @Valid PriceRequest price, @NotNull @Min(0) @Max(1_000_000) Long initialStock) {

		ProductDetails details() {
			return new ProductDetails(this.sku, this.name, this.description, this.category, this.price.toMoney());
		}

	}

	/**
	 * The new state of a product.
	 *
	 * @param initialStock optional; cannot be changed
	 */
	record ProductRequest(@NotNull @Pattern(regexp = SKU, message = SKU_MESSAGE) String sku,
			@NotNull @CodePointLength(max = 150) @Pattern(regexp = LINE, message = LINE_MESSAGE) String name,
			@NotNull @CodePointLength(max = 4000) String description,
			@NotNull @Pattern(regexp = Category.SLUG, message = SLUG_MESSAGE) String category,
			@NotNull @Valid PriceRequest price, @Nullable Long initialStock) {

		ProductDetails details() {
			return new ProductDetails(this.sku, this.name, this.description, this.category, this.price.toMoney());
		}

	}

	private static final String SKU = "[A-Za-z0-9._-]{1,64}";

	private static final String SKU_MESSAGE = "must be 1 to 64 letters, digits, dots, dashes or underscores";

	private static final String LINE = "\\P{Cc}*[^\\p{C}\\p{Z}]\\P{Cc}*";

	private static final String LINE_MESSAGE = "must contain a visible character and no control characters";

	private static final String SLUG_MESSAGE = "must be 1 to 40 lower-case letters, digits or dashes";

}
