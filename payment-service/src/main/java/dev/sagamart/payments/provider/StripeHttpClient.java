package dev.sagamart.payments.provider;

import com.stripe.Stripe;
import com.stripe.exception.ApiConnectionException;
import com.stripe.exception.StripeException;
import com.stripe.net.HttpContent;
import com.stripe.net.HttpHeaders;
import com.stripe.net.StripeRequest;
import com.stripe.net.StripeResponse;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;

/**
 * Sends Stripe's requests with the JDK's HTTP client. Unlike {@code HttpURLConnection},
 * it keeps as many connections open as are in use, and never repeats a POST on its own.
 */
final class StripeHttpClient extends com.stripe.net.HttpClient implements AutoCloseable {

	private final HttpClient http;

	private final Duration readTimeout;

	StripeHttpClient(ProviderProperties properties) {
		this.http = HttpClient.newBuilder()
			.version(HttpClient.Version.HTTP_1_1)
			.connectTimeout(properties.connectTimeout())
			.build();
		this.readTimeout = properties.readTimeout();
	}

	@Override
	public StripeResponse request(StripeRequest request) throws StripeException {
		HttpRequest.Builder builder = HttpRequest.newBuilder(URI.create(request.url().toString()))
			.timeout(this.readTimeout)
			.header("User-Agent", "Stripe/v1 JavaBindings/" + Stripe.VERSION);
		request.headers().map().forEach((name, values) -> values.forEach((value) -> builder.header(name, value)));
		HttpContent content = request.content();
		if (content != null) {
			builder.header("Content-Type", content.contentType());
		}
		builder.method(request.method().name(),
				(content != null) ? HttpRequest.BodyPublishers.ofByteArray(content.byteArrayContent())
						: HttpRequest.BodyPublishers.noBody());
		try {
			HttpResponse<String> response = this.http.send(builder.build(), HttpResponse.BodyHandlers.ofString());
			return new StripeResponse(response.statusCode(), HttpHeaders.of(response.headers().map()), response.body());
		}
		catch (IOException ex) {
			throw new ApiConnectionException("No reply from the payment provider", ex);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new ApiConnectionException("Interrupted while waiting for the payment provider", ex);
		}
	}

	@Override
	public void close() {
		this.http.shutdownNow();
	}

}
