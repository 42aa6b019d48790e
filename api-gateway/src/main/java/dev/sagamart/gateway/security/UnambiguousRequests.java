package dev.sagamart.gateway.security;

import dev.sagamart.gateway.EdgeFilter;
import dev.sagamart.gateway.problem.ProblemException;
import dev.sagamart.platform.problem.Problem;
import io.netty.handler.codec.http.HttpVersion;
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
import reactor.core.publisher.Mono;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;

/**
 * Refuses requests of which two servers may think differently where they end or whom they
 * are for: a transfer coding other than {@code chunked}, alone, or any in HTTP/1.0 (RFC
 * 9112, 6.1), and anything but one well-formed {@code Host} (3.2), which only HTTP/1.0
 * may do without, as old health checkers do. The connection ends with them, so that
 * nothing that was hidden in one is read as the next request.
 */
@EdgeFilter
@Order(EdgeFilter.UNAMBIGUOUS_REQUESTS)
class UnambiguousRequests implements WebFilter {

	private static final Pattern HOST = Pattern.compile("([A-Za-z0-9._~-]+|\\[[0-9A-Fa-f:.]+])(:[0-9]{1,5})?");

	@Override
	public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
		HttpHeaders headers = exchange.getRequest().getHeaders();
		boolean old = isOld(exchange.getRequest());
		if (hasOneHost(headers, old) && isChunkedOrPlain(headers, old)) {
			if (old) {
				exchange.getResponse().beforeCommit(() -> endWithTheConnection(exchange.getResponse()));
			}
			return chain.filter(exchange);
		}
		exchange.getResponse().getHeaders().setConnection("close");
		return Mono.error(new ProblemException(Problem.BAD_REQUEST));
	}

	private static boolean isOld(ServerHttpRequest request) {
		return ServerHttpRequestDecorator.getNativeRequest(request) instanceof HttpServerRequest received
				&& received.version().equals(HttpVersion.HTTP_1_0);
	}

	/** HTTP/1.0 knows no chunks, whatever the service behind or the web server says. */
	private static Mono<Void> endWithTheConnection(ServerHttpResponse response) {
		response.getHeaders().remove(HttpHeaders.TRANSFER_ENCODING);
		if (ServerHttpResponseDecorator.getNativeResponse(response) instanceof HttpServerResponse answer) {
			answer.chunkedTransfer(false).keepAlive(false);
		}
		return Mono.empty();
	}

	private static boolean hasOneHost(HttpHeaders headers, boolean old) {
		List<String> hosts = headers.getOrEmpty(HttpHeaders.HOST);
		return (hosts.isEmpty() && old) || (hosts.size() == 1 && HOST.matcher(hosts.getFirst()).matches());
	}

	private static boolean isChunkedOrPlain(HttpHeaders headers, boolean old) {
		List<String> codings = headers.getOrEmpty(HttpHeaders.TRANSFER_ENCODING);
		return codings.isEmpty() || (codings.size() == 1 && codings.getFirst().equalsIgnoreCase("chunked") && !old);
	}

}
