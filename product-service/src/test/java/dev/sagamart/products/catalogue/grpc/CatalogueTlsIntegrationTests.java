package dev.sagamart.products.catalogue.grpc;

import dev.sagamart.events.grpc.CatalogueGrpc;
import dev.sagamart.events.grpc.GetPricesRequest;
import dev.sagamart.platform.test.PlatformTest;
import dev.sagamart.platform.test.TestCertificates;
import dev.sagamart.platform.test.TestTokens;
import io.grpc.ChannelCredentials;
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.TlsChannelCredentials;
import io.grpc.stub.MetadataUtils;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.grpc.server.lifecycle.GrpcServerLifecycle;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.ActiveProfiles;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Prices over gRPC in the profile {@code tls}. Closes its context at the end, because
 * another member of the consumer group would take messages from the tests that follow.
 */
@PlatformTest
@ActiveProfiles("tls")
@DirtiesContext
class CatalogueTlsIntegrationTests {

	private static final TestCertificates OURS = TestCertificates.make();

	@Autowired
	GrpcServerLifecycle server;

	@Autowired
	TestTokens tokens;

	@DynamicPropertySource
	static void certificates(DynamicPropertyRegistry registry) {
		registry.add("TLS_DIRECTORY", () -> OURS.of("product-service").toString());
	}

	@Test
	void acceptsAServiceWithAValidCertificate() throws IOException {
		assertThat(countPrices(as(OURS))).isZero();
	}

	@Test
	void refusesCallersWithoutAValidCertificate() throws IOException {
		refuses(TlsChannelCredentials.newBuilder().trustManager(ca().toFile()).build());
		refuses(as(TestCertificates.make()));
		refuses(InsecureChannelCredentials.create());
	}

	private void refuses(ChannelCredentials stranger) {
		assertThatExceptionOfType(StatusRuntimeException.class).isThrownBy(() -> countPrices(stranger))
			.extracting((refusal) -> refusal.getStatus().getCode())
			.isEqualTo(Status.Code.UNAVAILABLE);
	}

	private static ChannelCredentials as(TestCertificates certificates) throws IOException {
		Path service = certificates.of("order-service");
		return TlsChannelCredentials.newBuilder()
			.keyManager(service.resolve("tls.crt").toFile(), service.resolve("tls.key").toFile())
			.trustManager(ca().toFile())
			.build();
	}

	private static Path ca() {
		return OURS.of("order-service").resolve("ca.crt");
	}

	private int countPrices(ChannelCredentials credentials) {
		Metadata headers = new Metadata();
		headers.put(Metadata.Key.of("Authorization", Metadata.ASCII_STRING_MARSHALLER),
				"Bearer " + this.tokens.service("order-service", "catalogue.read"));
		ManagedChannel channel = Grpc.newChannelBuilder("localhost:" + this.server.getPort(), credentials).build();
		try {
			return CatalogueGrpc.newBlockingStub(channel)
				.withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers))
				.withDeadlineAfter(20, TimeUnit.SECONDS)
				.getPrices(GetPricesRequest.getDefaultInstance())
				.getPricesCount();
		}
		finally {
			channel.shutdownNow();
		}
	}

}
