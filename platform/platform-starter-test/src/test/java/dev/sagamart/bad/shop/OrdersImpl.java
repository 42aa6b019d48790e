package dev.sagamart.bad.shop;

import dev.sagamart.bad.shop.messaging.Listener;
import dev.sagamart.bad.shop.web.PlaceOrderRequest;
import jakarta.annotation.security.PermitAll;
import java.util.logging.Logger;
import org.apache.kafka.common.TopicPartition;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.http.HttpStatus;

/** Breaks every rule that a class of the domain can break. */
class OrdersImpl {

	private static final Logger LOG = Logger.getLogger("bad");

	@Value("${name}")
	String name = "";

	TopicPartition partition = new TopicPartition("topic", 0);

	@PermitAll
	HttpStatus place(PlaceOrderRequest request, Listener listener) throws InterruptedException {
		Thread.sleep(1);
		System.out.println(this.name);
		LOG.info(this.partition + " " + request + listener);
		return HttpStatus.OK;
	}

}
