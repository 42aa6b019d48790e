package dev.sagamart.gateway.problem;

import dev.sagamart.platform.problem.Problem;
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

/** Answers every error that arises in the gateway itself. */
@Component
@Order(-10)
public class Problems implements ErrorWebExceptionHandler {

	private static final Logger log = LoggerFactory.getLogger(Problems.class);

	private static final String ATTRIBUTE = Problems.class.getName();

	private final RecordedPaths paths;

	Problems(RecordedPaths paths) {
		this.paths = paths;
	}

	/**
	 * Answers an error, unless an answer has begun: then the connection is cut, so that
	 * the client sees an incomplete answer as one.
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
		return answer(exchange, problem);
	}

	/** The code of the problem that the gateway answered with, if it did. */
	public static @Nullable String codeOf(ServerWebExchange exchange) {
		return exchange.getAttribute(ATTRIBUTE);
	}

	/**
	 * The id that a request is known by: the client's, if it sent exactly one and that is
	 * well-formed; else a new one.
	 */
	public static String correlationIdOf(ServerWebExchange exchange) {
		return (String) exchange.getAttributes().computeIfAbsent(CorrelationId.HEADER, (_) -> {
			List<String> sent = exchange.getRequest().getHeaders().getValuesAsList(CorrelationId.HEADER);
			return CorrelationId.of((sent.size() == 1) ? sent.getFirst() : null);
		});
	}

	/** Answers with a problem, and with nothing that was prepared before. */
	public Mono<Void> answer(ServerWebExchange exchange, Problem problem) {
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

	/** The first cause in the chain that says something. */
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
		var line = problem.equals(Problem.INTERNAL_ERROR) ? log.atError().setCause(error) : log.atWarn();
		line.addKeyValue("correlationId", correlationIdOf(exchange))
			.log("{} {} answered {}: {}", exchange.getRequest().getMethod(),
					this.paths.of(exchange.getRequest().getURI().getRawPath()), problem.code(), error.toString());
	}

}
