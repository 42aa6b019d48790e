package dev.sagamart.gateway.problem;

import dev.sagamart.platform.problem.Problem;
import dev.sagamart.platform.problem.ProblemException;
import dev.sagamart.platform.request.CorrelationId;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.webflux.error.ErrorWebExceptionHandler;
import org.springframework.core.annotation.Order;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.security.web.server.firewall.ServerExchangeRejectedException;
import org.springframework.stereotype.Component;
import org.springframework.web.server.ResponseStatusException;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;
import reactor.netty.internal.shaded.reactor.pool.PoolAcquirePendingLimitException;
import reactor.netty.internal.shaded.reactor.pool.PoolAcquireTimeoutException;

/** Sends the response for every error of the gateway itself. */
@Component
@Order(-10)
public class Problems implements ErrorWebExceptionHandler {

	private static final Logger logger = LoggerFactory.getLogger(Problems.class);

	private static final String ATTRIBUTE = Problems.class.getName();

	private final PathRedaction paths;

	Problems(PathRedaction paths) {
		this.paths = paths;
	}

	/**
	 * Sends an error response. If a response has already started, closes the connection
	 * instead, so that the client notices that the response is incomplete.
	 */
	@Override
	public Mono<Void> handle(ServerWebExchange exchange, Throwable error) {
		if (exchange.getResponse().isCommitted()) {
			return Mono.error(error);
		}
		Problem problem = problemOf(error);
		if (problem.status().is5xxServerError()) {
			log(exchange, problem, error);
		}
		return respond(exchange, problem);
	}

	/** The code of the problem with which the gateway responded, if any. */
	public static @Nullable String codeOf(ServerWebExchange exchange) {
		return exchange.getAttribute(ATTRIBUTE);
	}

	/** The client's correlation id if it sent one well-formed id, otherwise a new one. */
	public static String correlationIdOf(ServerWebExchange exchange) {
		return (String) exchange.getAttributes().computeIfAbsent(CorrelationId.HEADER, (_) -> {
			List<String> sent = exchange.getRequest().getHeaders().getValuesAsList(CorrelationId.HEADER);
			return CorrelationId.of((sent.size() == 1) ? sent.getFirst() : null);
		});
	}

	/** Sends a problem. Headers that belong to another body are removed. */
	public Mono<Void> respond(ServerWebExchange exchange, Problem problem) {
		exchange.getAttributes().put(ATTRIBUTE, problem.code());
		ServerHttpResponse response = exchange.getResponse();
		byte[] body = problem.toJson(exchange.getRequest().getURI().getRawPath(), correlationIdOf(exchange));
		response.setStatusCode(problem.status());
		HttpHeaders headers = response.getHeaders();
		headers.setContentType(MediaType.APPLICATION_PROBLEM_JSON);
		headers.setContentLength(body.length);
		headers.remove(HttpHeaders.TRANSFER_ENCODING);
		headers.remove(HttpHeaders.CONTENT_ENCODING);
		headers.setCacheControl("private, no-store");
		problem.headers().forEach(headers::set);
		DataBuffer buffer = response.bufferFactory().wrap(body);
		return response.writeWith(Mono.just(buffer));
	}

	/** Returns the problem for the first known cause in the chain. */
	static Problem problemOf(Throwable error) {
		for (Throwable cause = error; cause != null; cause = cause.getCause()) {
			Problem problem = switch (cause) {
				case ProblemException known -> known.problem();
				case ResponseStatusException known -> EdgeProblem.of(known.getStatusCode().value());
				case ServerExchangeRejectedException _ -> Problem.BAD_REQUEST;
				case PoolAcquireTimeoutException _ -> Problem.SERVICE_UNAVAILABLE;
				case PoolAcquirePendingLimitException _ -> Problem.SERVICE_UNAVAILABLE;
				case TimeoutException _ -> EdgeProblem.GATEWAY_TIMEOUT;
				case IOException _ -> Problem.SERVICE_UNAVAILABLE;
				default -> null;
			};
			if (problem != null) {
				return problem;
			}
		}
		return Problem.INTERNAL_ERROR;
	}

	private void log(ServerWebExchange exchange, Problem problem, Throwable error) {
		var line = problem.equals(Problem.INTERNAL_ERROR) ? logger.atError().setCause(error) : logger.atWarn();
		line.addKeyValue("correlationId", correlationIdOf(exchange))
			.log("{} {} failed with {}: {}", exchange.getRequest().getMethod(),
					this.paths.redact(exchange.getRequest().getURI().getRawPath()), problem.code(), error.toString());
	}

}
