package dev.sagamart.platform.web;

import dev.sagamart.platform.problem.ProblemException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.OutputStream;
import java.util.stream.Stream;
import org.springframework.core.MethodParameter;
import org.springframework.http.HttpHeaders;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.HandlerInterceptor;

/**
 * Refuses requests that no controller would refuse: repeated parameters, of which
 * different programs use different values, and a chunked body over the limit that the
 * controller does not read.
 */
class RequestChecks implements HandlerInterceptor {

	@Override
	public boolean preHandle(HttpServletRequest request, HttpServletResponse response, Object handler)
			throws IOException {
		if (request.getParameterMap().values().stream().anyMatch((values) -> values.length > 1)) {
			throw ProblemException.badRequest("REPEATED_PARAMETER", "A parameter is repeated.");
		}
		if (request.getHeader(HttpHeaders.TRANSFER_ENCODING) != null && handler instanceof HandlerMethod method
				&& !readsBody(method)) {
			request.getInputStream().transferTo(OutputStream.nullOutputStream());
		}
		return true;
	}

	private static boolean readsBody(HandlerMethod method) {
		return Stream.of(method.getMethodParameters()).anyMatch(RequestChecks::mayReadBody);
	}

	private static boolean mayReadBody(MethodParameter parameter) {
		return parameter.hasParameterAnnotation(RequestBody.class)
				|| HttpServletRequest.class.isAssignableFrom(parameter.getParameterType());
	}

}
