package dev.sagamart.good.order.messaging;

import org.apache.kafka.common.TopicPartition;

class OrderListener {

	TopicPartition partition = new TopicPartition("topic", 0);

	String thread() {
		return Thread.currentThread().getName();
	}

}
