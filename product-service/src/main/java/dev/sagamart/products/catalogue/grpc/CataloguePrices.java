package dev.sagamart.products.catalogue.grpc;

import dev.sagamart.events.grpc.CatalogueGrpc;
import dev.sagamart.events.grpc.GetPricesRequest;
import dev.sagamart.events.grpc.GetPricesResponse;
import dev.sagamart.events.grpc.ProductPrice;
import dev.sagamart.products.catalogue.Catalogue;
import dev.sagamart.products.catalogue.CatalogueProduct;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Service;

/**
 * The gRPC service for prices, also of discontinued products. Only other services may
 * call it, see {@link GrpcAccess}.
 */
@Service
class CataloguePrices extends CatalogueGrpc.CatalogueImplBase {

	private static final Logger logger = LoggerFactory.getLogger(CataloguePrices.class);

	private static final int MAX_IDS = 50;

	private final Catalogue catalogue;

	CataloguePrices(Catalogue catalogue) {
		this.catalogue = catalogue;
	}

	@Override
	public void getPrices(GetPricesRequest request, StreamObserver<GetPricesResponse> answer) {
		Set<UUID> ids;
		try {
			ids = idsOf(request);
		}
		catch (IllegalArgumentException ex) {
			answer.onError(Status.INVALID_ARGUMENT.withDescription(ex.getMessage()).asRuntimeException());
			return;
		}
		GetPricesResponse response;
		try {
			response = GetPricesResponse.newBuilder()
				.addAllPrices(this.catalogue.findAll(ids).stream().map(CataloguePrices::priceOf).toList())
				.build();
		}
		catch (RuntimeException ex) {
			logger.warn("Cannot read prices", ex);
			answer.onError(
					Status.UNAVAILABLE.withDescription("Prices cannot be read. Try again later.").asRuntimeException());
			return;
		}
		answer.onNext(response);
		answer.onCompleted();
	}

	private static Set<UUID> idsOf(GetPricesRequest request) {
		List<String> texts = request.getProductIdsList();
		if (texts.size() > MAX_IDS) {
			throw new IllegalArgumentException("A request can contain at most " + MAX_IDS + " product ids.");
		}
		return texts.stream().map(CataloguePrices::idOf).collect(Collectors.toSet());
	}

	/** Checks the length, because {@link UUID#fromString} also accepts shorter groups. */
	private static UUID idOf(String text) {
		if (text.length() == 36) {
			try {
				return UUID.fromString(text);
			}
			catch (IllegalArgumentException _) {
				// continues with the exception below
			}
		}
		throw new IllegalArgumentException("A product id must be a UUID.");
	}

	private static ProductPrice priceOf(CatalogueProduct product) {
		return ProductPrice.newBuilder()
			.setProductId(product.id().toString())
			.setName(product.name())
			.setAmount(product.price().amount())
			.setCurrency(product.price().currency())
			.setActive(product.active())
			.setVersion(product.version())
			.build();
	}

}
