package dev.sagamart.gateway.security;

import dev.sagamart.gateway.problem.Problem;
import dev.sagamart.gateway.problem.ProblemException;
import java.util.List;
import java.util.regex.Pattern;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpHeaders;
import org.springframework.stereotype.Component;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;
import reactor.core.publisher.Mono;

/**
 * Refuses requests of which two servers may think differently where they end or whom they
 * are for: a transfer coding other than {@code chunked}, alone (RFC 9112, 6.1), and
 * anything but one well-formed {@code Host} (3.2). The connection ends with them, so that
 * nothing that was hidden in one is read as the next request.
 */
@Component
@Order(Ordered.HIGHEST_PRECEDENCE + 2)
class UnambiguousRequests implements WebFilter {

	private static final Pattern HOST = Pattern.compile("([A-Za-z0-9._~-]+|\\[[0-9A-Fa-f:.]+])(:[0-9]{1,5})?");

	@Override
	public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
		HttpHeaders headers = exchange.getRequest().getHeaders();
		if (hasOneHost(headers) && isChunkedOrPlain(headers)) {
			return chain.filter(exchange);
		}
		exchange.getResponse().getHeaders().setConnection("close");
		return Mono.error(new ProblemException(Problem.BAD_REQUEST));
	}

	private static boolean hasOneHost(HttpHeaders headers) {
		List<String> hosts = headers.getOrEmpty(HttpHeaders.HOST);
		return hosts.size() == 1 && HOST.matcher(hosts.getFirst()).matches();
	}

	private static boolean isChunkedOrPlain(HttpHeaders headers) {
		List<String> codings = headers.getOrEmpty(HttpHeaders.TRANSFER_ENCODING);
		return codings.isEmpty() || (codings.size() == 1 && codings.getFirst().equalsIgnoreCase("chunked"));
	}

}
