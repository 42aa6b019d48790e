package dev.sagamart.good.order.web;

import dev.sagamart.good.order.Orders;
import dev.sagamart.good.order.OrdersUnavailableException;
import org.springframework.http.ResponseEntity;
import org.springframework.security.access.annotation.Secured;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

@RestController
class OrderController {

	private final Orders orders;

	OrderController(Orders orders) {
		this.orders = orders;
	}

	@Secured("ROLE_ADMIN")
	@GetMapping("/orders")
	ResponseEntity<OrderResponse> first() {
		try {
			return ResponseEntity.ok(new OrderResponse(this.orders.toString()));
		}
		catch (OrdersUnavailableException ex) {
			return ResponseEntity.notFound().build();
		}
	}

	record OrderResponse(String id) {
	}

}
