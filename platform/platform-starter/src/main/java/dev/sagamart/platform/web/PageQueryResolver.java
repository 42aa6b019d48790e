package dev.sagamart.platform.web;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.core.MethodParameter;
import org.springframework.web.bind.support.WebDataBinderFactory;
import org.springframework.web.context.request.NativeWebRequest;
import org.springframework.web.method.support.HandlerMethodArgumentResolver;
import org.springframework.web.method.support.ModelAndViewContainer;

/** Reads {@code pageSize} and {@code pageToken}. */
class PageQueryResolver implements HandlerMethodArgumentResolver {

	private static final int DEFAULT_SIZE = 20;

	private static final int MAX_SIZE = 100;

	private static final int MAX_TOKEN_LENGTH = 1024;

	@Override
	public boolean supportsParameter(MethodParameter parameter) {
		return parameter.getParameterType() == PageQuery.class;
	}

	@Override
	public PageQuery resolveArgument(MethodParameter parameter, @Nullable ModelAndViewContainer container,
			NativeWebRequest request, @Nullable WebDataBinderFactory binderFactory) {
		return new PageQuery(sizeOf(request.getParameter("pageSize")), keyOf(request.getParameter("pageToken")));
	}

	private static int sizeOf(@Nullable String text) {
		if (text == null) {
			return DEFAULT_SIZE;
		}
		int size = text.matches("[0-9]{1,3}") ? Integer.parseInt(text) : 0;
		if (size < 1 || size > MAX_SIZE) {
			throw ProblemException.badRequest("INVALID_PAGE_SIZE",
					"'pageSize' must be a whole number between 1 and " + MAX_SIZE + ".");
		}
		return size;
	}

	private static List<String> keyOf(@Nullable String token) {
		if (token == null) {
			return List.of();
		}
		if (token.isEmpty() || token.length() > MAX_TOKEN_LENGTH) {
			throw PageQuery.invalidToken();
		}
		try {
			List<String> key = PageQuery.keyOf(token);
			if (key.stream().allMatch(StorableText::isStorable)) {
				return key;
			}
		}
		catch (IllegalArgumentException _) {
			// falls through: not Base64
		}
		throw PageQuery.invalidToken();
	}

}
