package dev.sagamart.platform.web;

import jakarta.servlet.ServletException;
import java.io.IOException;
import org.apache.catalina.connector.ClientAbortException;
import org.junit.jupiter.api.Test;
import org.slf4j.MDC;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;
import org.springframework.security.authentication.AuthenticationServiceException;
import org.springframework.security.authentication.BadCredentialsException;
import org.springframework.security.web.firewall.RequestRejectedException;
import org.springframework.web.context.request.async.AsyncRequestNotUsableException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class CorrelationIdFilterTests {

	private final CorrelationIdFilter filter = new CorrelationIdFilter();

	private final MockHttpServletRequest request = new MockHttpServletRequest("GET", "/orders");

	private final MockHttpServletResponse response = new MockHttpServletResponse();

	@Test
	void theIdLeavesTheThreadWithTheRequest() throws Exception {
		this.request.addHeader("X-Correlation-Id", "mine");
		this.filter.doFilter(this.request, this.response,
				(_, _) -> assertThat(MDC.get("correlationId")).isEqualTo("mine"));
		assertThat(MDC.get("correlationId")).isNull();
		assertThat(this.response.getHeader("X-Correlation-Id")).isEqualTo("mine");
	}

	@Test
	void whatFiltersThrowBecomesAProblem() throws Exception {
		this.filter.doFilter(this.request, this.response, (_, _) -> {
			throw new ServletException("Internals");
		});
		assertThat(this.response.getStatus()).isEqualTo(500);
		assertThat(this.response.getContentAsString()).contains("INTERNAL_ERROR").doesNotContain("Internals");
	}

	@Test
	void eachFailureOfAFilterHasItsStatus() throws Exception {
		assertThat(statusOf(new AuthenticationServiceException("keys"))).isEqualTo(503);
		assertThat(statusOf(new BadCredentialsException("token"))).isEqualTo(401);
		assertThat(statusOf(new RequestRejectedException("path"))).isEqualTo(400);
		assertThat(statusOf(new IllegalStateException(new RequestRejectedException("late")))).isEqualTo(400);
		assertThat(statusOf(new IllegalStateException(new BodyLimitFilter.BodyTooLargeException()))).isEqualTo(413);
	}

	private int statusOf(RuntimeException failure) throws ServletException, IOException {
		MockHttpServletResponse answer = new MockHttpServletResponse();
		new CorrelationIdFilter().doFilter(new MockHttpServletRequest("GET", "/"), answer, (_, _) -> {
			throw failure;
		});
		return answer.getStatus();
	}

	@Test
	void nothingIsSaidAfterTheFirstByte() {
		assertThatExceptionOfType(IllegalStateException.class)
			.isThrownBy(() -> this.filter.doFilter(this.request, this.response, (_, response) -> {
				response.getOutputStream().write(1);
				response.flushBuffer();
				throw new IllegalStateException("late");
			}));
		assertThat(this.response.getContentAsByteArray()).hasSize(1);
	}

	@Test
	void nobodyIsToldWhenTheClientIsGone() {
		for (IOException gone : new IOException[] { new ClientAbortException("reset"),
				new AsyncRequestNotUsableException("gone") }) {
			MockHttpServletRequest another = new MockHttpServletRequest("GET", "/");
			assertThatExceptionOfType(IOException.class)
				.isThrownBy(() -> this.filter.doFilter(another, this.response, (_, _) -> {
					throw gone;
				}));
		}
		assertThat(this.response.getContentAsByteArray()).isEmpty();
	}

}
