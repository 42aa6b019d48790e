package dev.sagamart.products;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.sagamart.platform.messages.Message;
import dev.sagamart.platform.messages.MessageTypes;
import dev.sagamart.platform.messaging.MessageContext;
import dev.sagamart.platform.messaging.wire.MessageHeaders;
import dev.sagamart.platform.messaging.wire.MessageJson;
import dev.sagamart.platform.test.contract.Promise;
import dev.sagamart.products.catalogue.ProductExamples;
import dev.sagamart.products.catalogue.grpc.PriceExamples;
import dev.sagamart.products.stock.StockExamples;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Everything that stock and the catalogue tell, as its consumers want it. */
class ProductServiceContractTests {

	private static final MessageContext CONTEXT = new MessageContext("test", null);

	private static final Map<String, Message> MADE = made().collect(Collectors
		.toMap((message) -> MessageTypes.nameOf(message.getClass()), Function.identity(), (one, _) -> one));

	static Stream<Promise> promises() {
		return Promise.of("product-service").filter((promise) -> !promise.isCall());
	}

	@ParameterizedTest
	@MethodSource("promises")
	void sendsWhatConsumersRead(Promise promise) {
		assertThat(brokenBy(promise, written(promise))).isEmpty();
	}

	@ParameterizedTest
	@MethodSource("promises")
	void wouldNoticeARenamedField(Promise promise) {
		assertThat(brokenBy(promise, written(promise).replaceAll("\"(order|product)Id\"", "\"other\""))).isNotEmpty();
	}

	private static String written(Promise promise) {
		assertThat(MADE).as("what product-service sends").containsKey(promise.name());
		return new String(MessageJson.write(MADE.get(promise.name())), StandardCharsets.UTF_8);
	}

	private static List<String> brokenBy(Promise promise, String payload) {
		Message message = MADE.get(promise.name());
		return promise.brokenBy(message, payload.getBytes(StandardCharsets.UTF_8),
				MessageHeaders.of(UUID.randomUUID(), MessageTypes.nameOf(message.getClass()), "product-service",
						Instant.now(), message.aggregateId().toString(), CONTEXT));
	}

	private static Stream<Message> made() {
		return Stream.concat(StockExamples.events(), ProductExamples.events());
	}

	@Test
	void answersWhatConsumersRead() throws InvalidProtocolBufferException {
		Promise call = Promise.of("product-service").filter(Promise::isCall).findFirst().orElseThrow();
		String answer = PriceExamples.answer(call.request());
		assertThat(call.brokenBy(answer)).isEmpty();
		assertThat(call.brokenBy(answer.replace("\"amount\"", "\"other\""))).isNotEmpty();
	}

}
