package dev.sagamart.bad.shop.web;

import dev.sagamart.bad.stock.Items;

/** Not a record, and uses the repository of another feature. */
public class PlaceOrderRequest {

	Items items = new Items() {
	};

}
