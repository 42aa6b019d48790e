package dev.sagamart.products.catalogue.grpc;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.util.JsonFormat;
import dev.sagamart.events.Money;
import dev.sagamart.events.grpc.GetPricesRequest;
import dev.sagamart.events.grpc.GetPricesResponse;
import dev.sagamart.products.catalogue.Catalogue;
import dev.sagamart.products.catalogue.CatalogueProduct;
import dev.sagamart.products.stock.Availability;
import io.grpc.stub.StreamObserver;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import org.mockito.ArgumentCaptor;
import org.mockito.ArgumentMatchers;
import org.mockito.Mockito;

/** Examples of responses with prices. */
public final class PriceExamples {

	private PriceExamples() {
	}

	/**
	 * The response to a request, both as JSON. All products except the first are
	 * discontinued.
	 */
	public static String response(String request) throws InvalidProtocolBufferException {
		GetPricesRequest.Builder message = GetPricesRequest.newBuilder();
		JsonFormat.parser().merge(request, message);
		Catalogue catalogue = Mockito.mock();
		Mockito.when(catalogue.findAll(ArgumentMatchers.anyCollection()))
			.thenAnswer((call) -> products(call.getArgument(0)));
		StreamObserver<GetPricesResponse> observer = Mockito.mock();
		new CataloguePrices(catalogue).getPrices(message.build(), observer);
		ArgumentCaptor<GetPricesResponse> response = ArgumentCaptor.captor();
		Mockito.verify(observer).onNext(response.capture());
		return JsonFormat.printer().print(response.getValue());
	}

	private static List<CatalogueProduct> products(Collection<UUID> ids) {
		List<UUID> all = List.copyOf(ids);
		return IntStream.range(0, all.size())
			.mapToObj((i) -> new CatalogueProduct(all.get(i), "LAMP-" + i, "Lamp", "Gives light.", "Living",
					new Money(1999, "EUR"), Availability.of(10), i == 0, 7, 3))
			.toList();
	}

}
