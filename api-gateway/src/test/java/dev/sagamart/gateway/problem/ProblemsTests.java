package dev.sagamart.gateway.problem;

import dev.sagamart.gateway.DeclaredServices;
import dev.sagamart.platform.problem.Problem;
import dev.sagamart.platform.problem.ProblemException;
import io.netty.channel.ConnectTimeoutException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.util.Map;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.springframework.http.HttpStatus;
import org.springframework.mock.http.server.reactive.MockServerHttpRequest;
import org.springframework.mock.web.server.MockServerWebExchange;
import org.springframework.security.web.server.firewall.ServerExchangeRejectedException;
import org.springframework.web.server.ResponseStatusException;
import reactor.netty.internal.shaded.reactor.pool.PoolAcquirePendingLimitException;
import reactor.netty.internal.shaded.reactor.pool.PoolAcquireTimeoutException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class ProblemsTests {

	@Test
	void distinguishesUnavailableFromSlowServices() {
		assertThat(Problems.problemOf(new ConnectException())).isEqualTo(Problem.SERVICE_UNAVAILABLE);
		assertThat(Problems.problemOf(new ConnectTimeoutException())).isEqualTo(Problem.SERVICE_UNAVAILABLE);
		assertThat(Problems.problemOf(new UnknownHostException())).isEqualTo(Problem.SERVICE_UNAVAILABLE);
		assertThat(Problems.problemOf(new PoolAcquireTimeoutException(java.time.Duration.ofSeconds(1))))
			.isEqualTo(Problem.SERVICE_UNAVAILABLE);
		assertThat(Problems.problemOf(new PoolAcquirePendingLimitException(1))).isEqualTo(Problem.SERVICE_UNAVAILABLE);
		assertThat(Problems.problemOf(new TimeoutException())).isEqualTo(EdgeProblem.GATEWAY_TIMEOUT);
		assertThat(Problems.problemOf(new ResponseStatusException(HttpStatus.GATEWAY_TIMEOUT)))
			.isEqualTo(EdgeProblem.GATEWAY_TIMEOUT);
	}

	@Test
	void usesTheFirstKnownCause() {
		assertThat(Problems.problemOf(new IllegalStateException(new IOException())))
			.isEqualTo(Problem.SERVICE_UNAVAILABLE);
		assertThat(Problems.problemOf(new RuntimeException(ProblemException.of(EdgeProblem.CONTENT_TOO_LARGE))))
			.isEqualTo(EdgeProblem.CONTENT_TOO_LARGE);
		assertThat(Problems.problemOf(new ServerExchangeRejectedException("x"))).isEqualTo(Problem.BAD_REQUEST);
		assertThat(Problems.problemOf(new IllegalStateException())).isEqualTo(Problem.INTERNAL_ERROR);
	}

	@Test
	void hasAProblemForEveryStatus() {
		assertThat(EdgeProblem.of(415)).isEqualTo(Problem.UNSUPPORTED_MEDIA_TYPE);
		assertThat(EdgeProblem.of(418)).isEqualTo(Problem.BAD_REQUEST);
		assertThat(EdgeProblem.of(502)).isEqualTo(Problem.INTERNAL_ERROR);
		assertThat(EdgeProblem.of(302)).isEqualTo(Problem.INTERNAL_ERROR);
	}

	@Test
	void hidesDetailsOfInternalErrors() {
		MockServerWebExchange exchange = MockServerWebExchange.from(MockServerHttpRequest.get("/secret"));
		new Problems(new PathRedaction(new DeclaredServices("edge", Map.of())))
			.handle(exchange, new IllegalStateException("jdbc:postgresql://db"))
			.block();
		assertThat(exchange.getResponse().getStatusCode()).isEqualTo(HttpStatus.INTERNAL_SERVER_ERROR);
		assertThat(exchange.getResponse().getBodyAsString().block()).contains("INTERNAL_ERROR")
			.doesNotContain("jdbc", "Illegal");
	}

	@Test
	void addsNothingToAStartedResponse() {
		MockServerWebExchange exchange = MockServerWebExchange.from(MockServerHttpRequest.get("/"));
		exchange.getResponse().setComplete().block();
		assertThatThrownBy(() -> new Problems(new PathRedaction(new DeclaredServices("edge", Map.of())))
			.handle(exchange, new IOException("cut"))
			.block()).hasRootCauseInstanceOf(IOException.class);
	}

}
