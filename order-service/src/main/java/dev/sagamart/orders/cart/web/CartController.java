package dev.sagamart.orders.cart.web;

import dev.sagamart.orders.cart.Carts;
import dev.sagamart.orders.pricing.PriceList;
import dev.sagamart.orders.pricing.Prices;
import dev.sagamart.platform.openapi.Answers;
import dev.sagamart.platform.problem.ProblemException;
import dev.sagamart.platform.security.Caller;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import java.util.SequencedMap;
import java.util.Set;
import java.util.UUID;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

@RestController
@RequestMapping("/api/v1/cart")
class CartController {

	private final Carts carts;

	private final PriceList priceList;

	CartController(Carts carts, PriceList priceList) {
		this.carts = carts;
		this.priceList = priceList;
	}

	record ItemRequest(@NotNull @Min(1) @Max(999) Integer quantity) {
	}

	@GetMapping
	CartResponse get(Caller caller) {
		SequencedMap<UUID, Integer> cart = this.carts.of(caller.userId());
		return CartResponse.from(cart, this.priceList.lookUp(cart.keySet()));
	}

	@PutMapping("/items/{productId}")
	@Answers(never = 404)
	CartResponse put(Caller caller, @PathVariable UUID productId, @Valid @RequestBody ItemRequest request) {
		Prices prices = this.priceList.lookUp(Set.of(productId));
		if (prices.isNotSold(productId)) {
			throw ProblemException.unprocessable("PRODUCT_UNAVAILABLE", "This product is not sold.");
		}
		if (!this.carts.put(caller.userId(), productId, request.quantity())) {
			throw ProblemException.unprocessable("CART_FULL",
					"A cart takes " + Carts.CAPACITY + " different products.");
		}
		return get(caller);
	}

	@DeleteMapping("/items/{productId}")
	@ResponseStatus(HttpStatus.NO_CONTENT)
	@Answers(never = 404)
	void remove(Caller caller, @PathVariable UUID productId) {
		this.carts.remove(caller.userId(), productId);
	}

	@DeleteMapping
	@ResponseStatus(HttpStatus.NO_CONTENT)
	void empty(Caller caller) {
		this.carts.empty(caller.userId());
	}

}
