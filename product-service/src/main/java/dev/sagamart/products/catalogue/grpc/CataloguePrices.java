package dev.sagamart.products.catalogue.grpc;

import dev.sagamart.events.grpc.CatalogueGrpc;
import dev.sagamart.events.grpc.GetPricesRequest;
import dev.sagamart.events.grpc.GetPricesResponse;
import dev.sagamart.events.grpc.ProductPrice;
import dev.sagamart.products.catalogue.Catalogue;
import dev.sagamart.products.catalogue.CatalogueProduct;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Service;

/**
 * Answers for prices, also of products that are no longer in the catalogue: for services
 * only, as {@link GrpcAccess} says.
 */
@Service
class CataloguePrices extends CatalogueGrpc.CatalogueImplBase {

	private static final Logger LOG = LoggerFactory.getLogger(CataloguePrices.class);

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
			LOG.warn("Prices cannot be read", ex);
			answer.onError(Status.UNAVAILABLE.withDescription("Prices cannot be read now").asRuntimeException());
			return;
		}
		answer.onNext(response);
		answer.onCompleted();
	}

	private static Set<UUID> idsOf(GetPricesRequest request) {
		List<String> texts = request.getProductIdsList();
		if (texts.size() > MAX_IDS) {
			throw new IllegalArgumentException("At most " + MAX_IDS + " ids at once");
		}
		Set<UUID> ids = new LinkedHashSet<>();
		for (String text : texts) {
			ids.add(idOf(text));
		}
		return ids;
	}

	/** {@link UUID#fromString} alone would take shortened groups as well. */
	private static UUID idOf(String text) {
		if (text.length() == 36) {
			try {
				return UUID.fromString(text);
			}
			catch (IllegalArgumentException _) {
				// falls through: it is no id
			}
		}
		throw new IllegalArgumentException("Not a product id");
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
