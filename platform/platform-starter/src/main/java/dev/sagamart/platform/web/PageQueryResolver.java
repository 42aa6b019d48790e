package dev.sagamart.platform.web;

import dev.sagamart.platform.problem.Problem;
import dev.sagamart.platform.problem.ProblemException;
import dev.sagamart.platform.request.PageSize;
import dev.sagamart.platform.request.PageToken;
import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.springframework.core.MethodParameter;
import org.springframework.web.bind.support.WebDataBinderFactory;
import org.springframework.web.context.request.NativeWebRequest;
import org.springframework.web.method.support.HandlerMethodArgumentResolver;
import org.springframework.web.method.support.ModelAndViewContainer;

/** Reads {@code pageSize} and {@code pageToken}. */
class PageQueryResolver implements HandlerMethodArgumentResolver {

	private static final String SIZE = "pageSize";

	private static final String TOKEN = "pageToken";

	@Override
	public boolean supportsParameter(MethodParameter parameter) {
		return parameter.getParameterType() == PageQuery.class;
	}

	@Override
	public PageQuery resolveArgument(MethodParameter parameter, @Nullable ModelAndViewContainer container,
			NativeWebRequest request, @Nullable WebDataBinderFactory binderFactory) {
		String list = listOf(request);
		return new PageQuery(sizeOf(request.getParameter(SIZE)), keyOf(list, request.getParameter(TOKEN)), list);
	}

	/** The path and all parameters that filter or sort the list. */
	private static String listOf(NativeWebRequest request) {
		HttpServletRequest http = Objects.requireNonNull(request.getNativeRequest(HttpServletRequest.class));
		Map<String, String> filters = new TreeMap<>();
		http.getParameterMap().forEach((name, values) -> filters.put(name, values[0]));
		filters.keySet().removeAll(Set.of(SIZE, TOKEN));
		filters.values().removeIf(String::isEmpty);
		return http.getRequestURI() + filters;
	}

	private static int sizeOf(@Nullable String text) {
		try {
			return PageSize.of(text);
		}
		catch (IllegalArgumentException ex) {
			throw ProblemException.of(Problem.INVALID_PAGE_SIZE);
		}
	}

	private static List<String> keyOf(String list, @Nullable String token) {
		if (token == null || token.isEmpty()) {
			return List.of();
		}
		try {
			List<String> key = PageToken.keyOf(list, token);
			if (key.stream().allMatch(StorableText::isStorable)) {
				return key;
			}
		}
		catch (IllegalArgumentException _) {
			// Not a token of this list.
		}
		throw ProblemException.of(Problem.INVALID_PAGE_TOKEN);
	}

}
