package dev.sagamart.good.order.web;

import dev.sagamart.good.order.Orders;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

@RestController
class OrderController {

	private final Orders orders;

	OrderController(Orders orders) {
		this.orders = orders;
	}

	@GetMapping("/orders")
	ResponseEntity<OrderResponse> first() {
		return ResponseEntity.ok(new OrderResponse(this.orders.toString()));
	}

	record OrderResponse(String id) {
	}

}
