package dev.sagamart.orders;

import dev.sagamart.events.grpc.CatalogueGrpc;
import dev.sagamart.events.grpc.GetPricesRequest;
import dev.sagamart.events.grpc.GetPricesResponse;
import dev.sagamart.events.grpc.ProductPrice;
import io.grpc.Grpc;
import io.grpc.InsecureServerCredentials;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.ServerInterceptors;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Base64;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/** product-service's gRPC side, on a port of its own, telling what a test wants. */
final class FakeCatalogue extends CatalogueGrpc.CatalogueImplBase {

	static final FakeCatalogue INSTANCE = new FakeCatalogue();

	private final Map<String, ProductPrice> prices = new ConcurrentHashMap<>();

	private final AtomicInteger calls = new AtomicInteger();

	private final Server server;

	private volatile String lastScope = "";

	private volatile @Nullable String lastTrace;

	private volatile boolean away;

	private volatile boolean silent;

	private FakeCatalogue() {
		try {
			this.server = Grpc.newServerBuilderForPort(0, InsecureServerCredentials.create())
				.addService(ServerInterceptors.intercept(this, new HeaderKeeper()))
				.build()
				.start();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	String address() {
		return "127.0.0.1:" + this.server.getPort();
	}

	void knows(UUID productId, String name, long amount, String currency, boolean active) {
		this.prices.put(productId.toString(),
				ProductPrice.newBuilder()
					.setProductId(productId.toString())
					.setName(name)
					.setAmount(amount)
					.setCurrency(currency)
					.setActive(active)
					.setVersion(1)
					.build());
	}

	/** Fails every call while the work runs. */
	void whileAway(Runnable work) {
		this.away = true;
		try {
			work.run();
		}
		finally {
			this.away = false;
		}
	}

	/** Answers no call while the work runs. */
	void whileSilent(Runnable work) {
		this.silent = true;
		try {
			work.run();
		}
		finally {
			this.silent = false;
		}
	}

	/** The scopes of the token that the last call came with. */
	String lastScope() {
		return this.lastScope;
	}

	/** The {@code traceparent} header of the last call. */
	@Nullable String lastTrace() {
		return this.lastTrace;
	}

	int calls() {
		return this.calls.get();
	}

	@Override
	public void getPrices(GetPricesRequest request, StreamObserver<GetPricesResponse> observer) {
		this.calls.incrementAndGet();
		if (this.silent) {
			return;
		}
		if (this.away) {
			observer.onError(Status.UNAVAILABLE.asRuntimeException());
			return;
		}
		GetPricesResponse.Builder response = GetPricesResponse.newBuilder();
		request.getProductIdsList()
			.stream()
			.filter(this.prices::containsKey)
			.map(this.prices::get)
			.forEach(response::addPrices);
		observer.onNext(response.build());
		observer.onCompleted();
	}

	private final class HeaderKeeper implements ServerInterceptor {

		private static final Metadata.Key<String> TRACE = Metadata.Key.of("traceparent",
				Metadata.ASCII_STRING_MARSHALLER);

		private static final Metadata.Key<String> AUTHORIZATION = Metadata.Key.of("Authorization",
				Metadata.ASCII_STRING_MARSHALLER);

		@Override
		public <Q, A> ServerCall.Listener<Q> interceptCall(ServerCall<Q, A> call, Metadata headers,
				ServerCallHandler<Q, A> next) {
			FakeCatalogue.this.lastTrace = headers.get(TRACE);
			String claims = Objects.requireNonNull(headers.get(AUTHORIZATION)).split("\\.")[1];
			FakeCatalogue.this.lastScope = JsonMapper.shared()
				.readTree(Base64.getUrlDecoder().decode(claims))
				.path("scope")
				.asString();
			return next.startCall(call, headers);
		}

	}

}
