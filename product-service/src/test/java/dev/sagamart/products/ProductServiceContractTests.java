package dev.sagamart.products;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.sagamart.platform.messages.Message;
import dev.sagamart.platform.messaging.MessageContext;
import dev.sagamart.platform.messaging.wire.MessageHeaders;
import dev.sagamart.platform.messaging.wire.MessageJson;
import dev.sagamart.platform.test.contract.Promise;
import dev.sagamart.platform.test.contract.ProviderContract;
import dev.sagamart.products.catalogue.ProductExamples;
import dev.sagamart.products.catalogue.grpc.PriceExamples;
import dev.sagamart.products.stock.StockExamples;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Every event and price of this service fulfils the contracts with its consumers. */
class ProductServiceContractTests extends ProviderContract {

	private static final MessageContext CONTEXT = new MessageContext("test", null);

	ProductServiceContractTests() {
		super("product-service", "(order|product)Id", events(), MessageJson::write,
				(id, type, source, at, subject) -> MessageHeaders.of(id, type, source, at, subject, CONTEXT));
	}

	private static Stream<Message> events() {
		return Stream.concat(StockExamples.events(), ProductExamples.events());
	}

	@Test
	void respondsWithThePricesThatConsumersRead() throws InvalidProtocolBufferException {
		Promise call = Promise.of("product-service").filter(Promise::isCall).findFirst().orElseThrow();
		String answer = PriceExamples.response(call.request());
		assertThat(call.brokenBy(answer)).isEmpty();
		assertThat(call.brokenBy(answer.replace("\"amount\"", "\"other\""))).isNotEmpty();
	}

}
