package dev.sagamart.gateway.security;

import dev.sagamart.gateway.EdgeFilter;
import dev.sagamart.platform.problem.Problem;
import dev.sagamart.platform.problem.ProblemException;
import io.netty.handler.codec.http.HttpVersion;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Pattern;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpHeaders;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpRequestDecorator;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.http.server.reactive.ServerHttpResponseDecorator;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;
import org.springframework.web.util.UriUtils;
import reactor.core.publisher.Mono;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;

/**
 * Prevents request smuggling. It refuses requests whose end, host or path two servers may
 * interpret differently: a transfer coding other than a single {@code chunked}, any
 * transfer coding in HTTP/1.0 (RFC 9112, 6.1), anything but one well-formed {@code Host}
 * (3.2), and a path that is not valid UTF-8, such as overlong encodings of dots and
 * slashes. Only HTTP/1.0 requests may omit {@code Host}, because old health checkers do.
 * Spring Security refuses other ambiguous paths. The connection is closed after a
 * refusal, so that hidden bytes are not read as the next request.
 */
@EdgeFilter
@Order(EdgeFilter.AMBIGUOUS_REQUEST)
class AmbiguousRequestFilter implements WebFilter {

	/** Decoders put it where bytes are not valid UTF-8. */
	private static final char REPLACEMENT = '\ufffd';

	private static final Pattern HOST = Pattern.compile("([A-Za-z0-9._~-]+|\\[[0-9A-Fa-f:.]+])(:[0-9]{1,5})?");

	@Override
	public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
		HttpHeaders headers = exchange.getRequest().getHeaders();
		boolean http10 = isHttp10(exchange.getRequest());
		if (hasOneHost(headers, http10) && isChunkedOrPlain(headers, http10) && isUtf8(exchange.getRequest())) {
			if (http10) {
				exchange.getResponse().beforeCommit(() -> endWithTheConnection(exchange.getResponse()));
			}
			return chain.filter(exchange);
		}
		exchange.getResponse().getHeaders().setConnection("close");
		return Mono.error(ProblemException.of(Problem.BAD_REQUEST));
	}

	private static boolean isHttp10(ServerHttpRequest request) {
		return ServerHttpRequestDecorator.getNativeRequest(request) instanceof HttpServerRequest received
				&& received.version().equals(HttpVersion.HTTP_1_0);
	}

	/** Without chunks, only the end of the connection ends the response. */
	private static Mono<Void> endWithTheConnection(ServerHttpResponse response) {
		response.getHeaders().remove(HttpHeaders.TRANSFER_ENCODING);
		if (ServerHttpResponseDecorator.getNativeResponse(response) instanceof HttpServerResponse answer) {
			answer.chunkedTransfer(false).keepAlive(false);
		}
		return Mono.empty();
	}

	private static boolean isUtf8(ServerHttpRequest request) {
		return UriUtils.decode(request.getURI().getRawPath(), StandardCharsets.UTF_8).indexOf(REPLACEMENT) < 0;
	}

	private static boolean hasOneHost(HttpHeaders headers, boolean http10) {
		List<String> hosts = headers.getOrEmpty(HttpHeaders.HOST);
		return (hosts.isEmpty() && http10) || (hosts.size() == 1 && HOST.matcher(hosts.getFirst()).matches());
	}

	private static boolean isChunkedOrPlain(HttpHeaders headers, boolean http10) {
		List<String> codings = headers.getOrEmpty(HttpHeaders.TRANSFER_ENCODING);
		return codings.isEmpty() || (codings.size() == 1 && codings.getFirst().equalsIgnoreCase("chunked") && !http10);
	}

}
