package dev.sagamart.e2e.attack;

import static dev.sagamart.e2e.attack.Attack.attack;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sagamart.events.grpc.CatalogueGrpc;
import dev.sagamart.events.grpc.GetPricesRequest;
import dev.sagamart.events.grpc.GetPricesResponse;
import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.MetadataUtils;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

/** The gRPC API for prices, which only services may call. */
final class GrpcAttacks {

	private final Scenario scenario;

	private final List<Attack> attacks = new ArrayList<>();

	private GrpcAttacks(Scenario scenario) {
		this.scenario = scenario;
	}

	static List<Attack> of(Scenario scenario, TokenForge forge) {
		GrpcAttacks all = new GrpcAttacks(scenario);
		all.requesting("without a token", "", Status.Code.UNAUTHENTICATED);
		all.requesting("with a customer's token", scenario.attacker().token(), Status.Code.PERMISSION_DENIED);
		all.requesting("with an administrator's token", scenario.admin().token(), Status.Code.PERMISSION_DENIED);
		all.requesting("with the signature of an attacker", forge.signedByAttacker(forge.header("RS256")),
				Status.Code.UNAUTHENTICATED);
		all.requesting("with no signature", forge.unsigned(forge.header("none")), Status.Code.UNAUTHENTICATED);
		all.requesting("with an expired token of a service",
				forge.signedByIssuer(Map.of("iss", forge.claims().getOrDefault("iss", ""), "aud", "sagamart", "sub",
						"order-service", "scope", "catalogue.read", "exp", System.currentTimeMillis() / 1000 - 86_400)),
				Status.Code.UNAUTHENTICATED);
		all.requesting("with another scope",
				forge.signedByIssuer(Map.of("iss", forge.claims().getOrDefault("iss", ""), "aud", "sagamart", "sub",
						"order-service", "scope", "catalogue.readx ROLE_catalogue.read", "exp",
						System.currentTimeMillis() / 1000 + 7200)),
				Status.Code.PERMISSION_DENIED);
		all.requesting("with a role instead of a scope",
				forge.signedByIssuer(forge.claimsWith("roles", List.of("catalogue.read"))),
				Status.Code.PERMISSION_DENIED);
		all.malformed();
		return all.attacks;
	}

	private void requesting(String how, String token, Status.Code refusal) {
		this.attacks.add(attack("requesting prices " + how,
				() -> assertThat(ask(token, List.of(this.scenario.product().id().toString()))).isEqualTo(refusal)));
	}

	private void malformed() {
		this.attacks.add(attack("requesting the price of an invalid id",
				() -> assertThat(ask(this.scenario.platform().serviceToken(), List.of("' OR 1=1 --")))
					.isEqualTo(Status.Code.INVALID_ARGUMENT)));
		this.attacks.add(attack("requesting 1,000 prices at once",
				() -> assertThat(ask(this.scenario.platform().serviceToken(),
						IntStream.range(0, 1000).mapToObj((i) -> this.scenario.product().id().toString()).toList()))
					.isEqualTo(Status.Code.INVALID_ARGUMENT)));
		this.attacks.add(attack("calling an unknown method", () -> {
			MethodDescriptor<GetPricesRequest, GetPricesResponse> unknown = CatalogueGrpc.getGetPricesMethod()
				.toBuilder()
				.setFullMethodName("sagamart.catalogue.v1.Catalogue/SetPrices")
				.build();
			ManagedChannel channel = channel();
			try {
				assertThat(statusOf(() -> ClientCalls.blockingUnaryCall(channel, unknown,
						CallOptions.DEFAULT.withDeadlineAfter(1, TimeUnit.MINUTES),
						GetPricesRequest.getDefaultInstance())))
					.isIn(Status.Code.UNIMPLEMENTED, Status.Code.UNAUTHENTICATED, Status.Code.PERMISSION_DENIED);
			}
			finally {
				channel.shutdownNow();
			}
		}));
	}

	private Status.Code ask(String token, List<String> ids) {
		ManagedChannel channel = channel();
		try {
			Metadata headers = new Metadata();
			if (!token.isEmpty()) {
				headers.put(Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER), "Bearer " + token);
			}
			return statusOf(() -> CatalogueGrpc.newBlockingStub(channel)
				.withDeadlineAfter(1, TimeUnit.MINUTES)
				.withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers))
				.getPrices(GetPricesRequest.newBuilder().addAllProductIds(ids).build()));
		}
		finally {
			channel.shutdownNow();
		}
	}

	private ManagedChannel channel() {
		return ManagedChannelBuilder.forAddress("127.0.0.1", this.scenario.platform().grpcPort())
			.usePlaintext()
			.build();
	}

	private static Status.Code statusOf(Runnable call) {
		try {
			call.run();
			return Status.Code.OK;
		}
		catch (StatusRuntimeException ex) {
			assertThat(String.valueOf(ex.getStatus().getDescription())).doesNotContain("Exception", "dev.sagamart",
					"java.");
			return ex.getStatus().getCode();
		}
	}

}
