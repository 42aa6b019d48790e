package dev.sagamart.platform.openapi;

import dev.sagamart.platform.security.Access;
import dev.sagamart.platform.security.Caller;
import dev.sagamart.platform.security.Role;
import dev.sagamart.platform.web.PageQuery;
import io.swagger.v3.oas.models.Components;
import io.swagger.v3.oas.models.Operation;
import io.swagger.v3.oas.models.SpecVersion;
import io.swagger.v3.oas.models.media.Content;
import io.swagger.v3.oas.models.media.IntegerSchema;
import io.swagger.v3.oas.models.media.Schema;
import io.swagger.v3.oas.models.media.StringSchema;
import io.swagger.v3.oas.models.parameters.Parameter;
import io.swagger.v3.oas.models.parameters.QueryParameter;
import io.swagger.v3.oas.models.responses.ApiResponse;
import io.swagger.v3.oas.models.responses.ApiResponses;
import io.swagger.v3.oas.models.security.SecurityRequirement;
import java.math.BigDecimal;
import java.util.List;
import java.util.NavigableSet;
import java.util.TreeSet;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springdoc.core.customizers.GlobalOperationComponentsCustomizer;
import org.springdoc.core.utils.SpringDocAnnotationsUtils;
import org.springdoc.core.utils.SpringDocUtils;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.util.StringUtils;
import org.springframework.web.method.HandlerMethod;

/**
 * Documents the statuses with which each operation can answer:
 * <ul>
 * <li>400 if the operation has a parameter, a header or a body,
 * <li>401 and 403 unless anyone may call it,
 * <li>404 if the path has a variable,
 * <li>406 if the answer has a body,
 * <li>409 if it takes an {@code Idempotency-Key}, which may be in use,
 * <li>412 if it takes {@code If-Match},
 * <li>413, 415 and 422 if the request has a body, and 422 also if a parameter has
 * constraints,
 * <li>and what {@link Answers} adds or removes.
 * </ul>
 * {@link CommonParts} documents the statuses that any request may get.
 */
class DerivedAnswers implements GlobalOperationComponentsCustomizer {

	private static final String IDEMPOTENCY_KEY = "Idempotency-Key";

	static {
		SpringDocUtils.getConfig().addRequestWrapperToIgnore(Caller.class, PageQuery.class);
	}

	@Override
	public Operation customize(Operation operation, HandlerMethod method) {
		throw new UnsupportedOperationException("Needs the components of the document");
	}

	@Override
	public Operation customize(Operation operation, Components components, HandlerMethod method) {
		operation.setTags(List.of(featureOf(method)));
		operation
			.setOperationId(StringUtils.uncapitalize(method.getBeanType().getSimpleName().replaceAll("Controller$", ""))
					+ StringUtils.capitalize(method.getMethod().getName()));
		describeParameters(operation, method);
		Access access = Access.to(method);
		if (!access.anyone()) {
			operation
				.setSecurity(List.of(new SecurityRequirement().addList(CommonParts.BEARER, demandedRoles(access))));
		}
		Answers own = AnnotatedElementUtils.findMergedAnnotation(method.getMethod(), Answers.class);
		Content body = successfulBody(operation, components, own);
		ApiResponses answers = new ApiResponses();
		for (int status : statuses(operation, body, method, access, own)) {
			answers.addApiResponse(String.valueOf(status), answer(status, body));
		}
		operation.setResponses(answers);
		return operation;
	}

	private static String featureOf(HandlerMethod method) {
		String name = method.getBeanType().getPackageName().replaceAll("\\.web$", "");
		return name.substring(name.lastIndexOf('.') + 1);
	}

	private static void describeParameters(Operation operation, HandlerMethod method) {
		if (List.of(method.getMethod().getParameterTypes()).contains(PageQuery.class)) {
			Schema<?> size = new IntegerSchema().minimum(BigDecimal.ONE).maximum(BigDecimal.valueOf(100));
			size.setDefault(20);
			operation.addParametersItem(new QueryParameter().name("pageSize").required(false).schema(size));
			operation.addParametersItem(
					new QueryParameter().name("pageToken").required(false).schema(new StringSchema().maxLength(4096)));
		}
		parameters(operation).filter((parameter) -> IDEMPOTENCY_KEY.equals(parameter.getName()))
			.forEach((key) -> key.required(true)
				.schema(new StringSchema().minLength(1).maxLength(255).pattern("^[\\x21-\\x7e]+$")));
	}

	private static Stream<Parameter> parameters(Operation operation) {
		return (operation.getParameters() != null) ? operation.getParameters().stream() : Stream.empty();
	}

	/** The roles that may call; empty if any user may. */
	private static List<String> demandedRoles(Access access) {
		List<String> roles = Stream.of(Role.values())
			.map(Role::name)
			.filter((role) -> access.authorities().contains("ROLE_" + role))
			.toList();
		return (roles.size() == Role.values().length) ? List.of() : roles;
	}

	private static @Nullable Content successfulBody(Operation operation, Components components, @Nullable Answers own) {
		Content body = operation.getResponses().values().iterator().next().getContent();
		if (body == null || body.isEmpty()) {
			return null;
		}
		if (own != null && own.body() != void.class) {
			Schema<?> schema = SpringDocAnnotationsUtils.resolveSchemaFromType(own.body(), components, null, null,
					SpecVersion.V31);
			body.values().forEach((media) -> media.setSchema(schema));
		}
		return body;
	}

	private static NavigableSet<Integer> statuses(Operation operation, @Nullable Content body, HandlerMethod method,
			Access access, @Nullable Answers own) {
		NavigableSet<Integer> statuses = new TreeSet<>();
		if (own != null) {
			IntStream.of(own.value()).forEach(statuses::add);
		}
		if (statuses.isEmpty() || statuses.first() >= 300) {
			statuses.add(Integer.parseInt(operation.getResponses().keySet().iterator().next()));
		}
		derive(statuses, operation, body, method, access);
		if (own != null) {
			IntStream.of(own.never()).forEach(statuses::remove);
		}
		return statuses;
	}

	private static void derive(NavigableSet<Integer> statuses, Operation operation, @Nullable Content body,
			HandlerMethod method, Access access) {
		boolean takesBody = operation.getRequestBody() != null;
		addIf(statuses, takesBody || parameters(operation).findAny().isPresent(), HttpStatus.BAD_REQUEST);
		addIf(statuses, !access.anyone(), HttpStatus.UNAUTHORIZED);
		addIf(statuses, !access.anyone(), HttpStatus.FORBIDDEN);
		addIf(statuses, parameters(operation).anyMatch((parameter) -> "path".equals(parameter.getIn())),
				HttpStatus.NOT_FOUND);
		addIf(statuses, body != null, HttpStatus.NOT_ACCEPTABLE);
		addIf(statuses, hears(operation, IDEMPOTENCY_KEY), HttpStatus.CONFLICT);
		addIf(statuses, hears(operation, HttpHeaders.IF_MATCH), HttpStatus.PRECONDITION_FAILED);
		addIf(statuses, takesBody, HttpStatus.CONTENT_TOO_LARGE);
		addIf(statuses, takesBody, HttpStatus.UNSUPPORTED_MEDIA_TYPE);
		addIf(statuses, takesBody || method.shouldValidateArguments(), HttpStatus.UNPROCESSABLE_CONTENT);
	}

	private static boolean hears(Operation operation, String header) {
		return parameters(operation).anyMatch((parameter) -> header.equals(parameter.getName()));
	}

	private static void addIf(NavigableSet<Integer> statuses, boolean possible, HttpStatus status) {
		if (possible) {
			statuses.add(status.value());
		}
	}

	private static ApiResponse answer(int status, @Nullable Content body) {
		if (status >= 400) {
			return CommonParts.problem(status);
		}
		ApiResponse answer = new ApiResponse().description(HttpStatus.valueOf(status).getReasonPhrase());
		return (status < 300 && status != HttpStatus.NO_CONTENT.value()) ? answer.content(body) : answer;
	}

}
