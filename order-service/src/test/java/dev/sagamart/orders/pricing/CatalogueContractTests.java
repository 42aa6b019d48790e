package dev.sagamart.orders.pricing;

import au.com.dius.pact.consumer.dsl.LambdaDsl;
import au.com.dius.pact.consumer.dsl.SynchronousMessagePactBuilder;
import au.com.dius.pact.core.model.PactSpecVersion;
import au.com.dius.pact.core.model.V4Interaction.SynchronousMessages;
import au.com.dius.pact.core.model.V4Pact;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.util.JsonFormat;
import dev.sagamart.events.Money;
import dev.sagamart.events.grpc.CatalogueGrpc;
import dev.sagamart.events.grpc.GetPricesRequest;
import dev.sagamart.events.grpc.GetPricesResponse;
import dev.sagamart.platform.test.contract.ConsumerContract;
import io.github.resilience4j.circuitbreaker.CircuitBreakerRegistry;
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.InsecureServerCredentials;
import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.time.Clock;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What prices order-service asks for, and what it reads of the answer, as the JSON form
 * of protobuf.
 */
class CatalogueContractTests {

	private static final UUID SOLD = UUID.fromString("0199f0a0-0000-7000-8000-000000000003");

	private static final UUID DISCONTINUED = UUID.fromString("0199f0a0-0000-7000-8000-000000000005");

	private static final V4Pact PACT = new SynchronousMessagePactBuilder(PactSpecVersion.V4)
		.consumer("order-service.catalogue")
		.hasPactWith("product-service")
		.expectsToReceive("sagamart.catalogue.v1.Catalogue/GetPrices")
		.withRequest((request) -> request.withContent(LambdaDsl.newJsonBody(
				(body) -> body.array("productIds", (ids) -> ids.uuid(SOLD.toString()).uuid(DISCONTINUED.toString())))
			.build()))
		.withResponse((response) -> response.withContent(LambdaDsl
			.newJsonBody((body) -> body.array("prices", (prices) -> prices
				.object((price) -> price.uuid("productId", SOLD)
					.stringType("name", "The Long Way Round")
					.stringMatcher("amount", "[0-9]+", "1999")
					.stringMatcher("currency", "[A-Z]{3}", "EUR")
					.booleanValue("active", true)
					.stringMatcher("version", "[0-9]+", "7"))
				.object((price) -> price.uuid("productId", DISCONTINUED).stringMatcher("version", "[0-9]+", "8"))))
			.build()))
		.toPact();

	@Test
	void readsThePricesOfTheAnswer() throws IOException {
		Server server = Grpc.newServerBuilderForPort(0, InsecureServerCredentials.create())
			.addService(new Answering())
			.build()
			.start();
		ManagedChannel channel = Grpc
			.newChannelBuilder("127.0.0.1:" + server.getPort(), InsecureChannelCredentials.create())
			.build();
		Catalogue catalogue = new Catalogue(CatalogueGrpc.newBlockingStub(channel),
				new CatalogueToken((_) -> null, Clock.systemUTC()), CircuitBreakerRegistry.ofDefaults());
		try {
			assertThat(catalogue.pricesOf(List.of(SOLD, DISCONTINUED)).orElseThrow()).containsExactly(
					new ListedPrice(SOLD, new Quote("The Long Way Round", new Money(1999, "EUR")), 7),
					new ListedPrice(DISCONTINUED, null, 8));
		}
		finally {
			channel.shutdownNow();
			server.shutdownNow();
		}
	}

	@Test
	void isCommitted() {
		ConsumerContract.requireCommitted(PACT);
	}

	/** Gives the example's answer to the example's question, and none to any other. */
	private static final class Answering extends CatalogueGrpc.CatalogueImplBase {

		@Override
		public void getPrices(GetPricesRequest request, StreamObserver<GetPricesResponse> observer) {
			SynchronousMessages call = (SynchronousMessages) PACT.getInteractions().getFirst();
			GetPricesRequest.Builder expected = GetPricesRequest.newBuilder();
			GetPricesResponse.Builder answer = GetPricesResponse.newBuilder();
			try {
				JsonFormat.parser().merge(call.getRequest().getContents().valueAsString(), expected);
				JsonFormat.parser().merge(call.getResponse().getFirst().getContents().valueAsString(), answer);
			}
			catch (InvalidProtocolBufferException ex) {
				observer.onError(ex);
				return;
			}
			if (!request.equals(expected.build())) {
				observer.onError(Status.INVALID_ARGUMENT.asRuntimeException());
				return;
			}
			observer.onNext(answer.build());
			observer.onCompleted();
		}

	}

}
