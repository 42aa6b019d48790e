package dev.sagamart.platform.web;

import dev.sagamart.platform.failure.TransientFailures;
import dev.sagamart.platform.problem.FieldProblem;
import dev.sagamart.platform.problem.Problem;
import dev.sagamart.platform.problem.ProblemException;
import dev.sagamart.platform.web.BodyLimitFilter.BodyTooLargeException;
import jakarta.validation.ConstraintViolation;
import jakarta.validation.ConstraintViolationException;
import jakarta.validation.Path;
import java.io.EOFException;
import java.net.SocketTimeoutException;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.apache.catalina.connector.ClientAbortException;
import org.apache.coyote.BadRequestException;
import org.apache.tomcat.util.http.InvalidParameterException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.TypeMismatchException;
import org.springframework.context.MessageSourceResolvable;
import org.springframework.core.NestedExceptionUtils;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.dao.OptimisticLockingFailureException;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.converter.HttpMessageNotReadableException;
import org.springframework.security.access.AccessDeniedException;
import org.springframework.security.authentication.AuthenticationServiceException;
import org.springframework.security.core.AuthenticationException;
import org.springframework.security.web.firewall.RequestRejectedException;
import org.springframework.validation.BindingResult;
import org.springframework.validation.FieldError;
import org.springframework.validation.ObjectError;
import org.springframework.validation.method.MethodValidationResult;
import org.springframework.validation.method.ParameterErrors;
import org.springframework.validation.method.ParameterValidationResult;
import org.springframework.web.ErrorResponse;
import org.springframework.web.bind.MissingRequestHeaderException;
import org.springframework.web.context.request.async.AsyncRequestNotUsableException;
import org.springframework.web.method.annotation.MethodArgumentTypeMismatchException;
import tools.jackson.core.JacksonException;
import tools.jackson.core.exc.InputCoercionException;
import tools.jackson.databind.exc.InvalidFormatException;
import tools.jackson.databind.exc.MismatchedInputException;
import tools.jackson.databind.exc.UnrecognizedPropertyException;
import tools.jackson.databind.exc.ValueInstantiationException;

/**
 * Decides what an exception means to the client. An exception that nobody foresaw is
 * logged with its stack trace and becomes a 500 that says nothing about it.
 */
final class ProblemMapper {

	static final String VALUE_NOT_STORABLE = "VALUE_NOT_STORABLE";

	private static final Problem UNREADABLE = Problem.of(HttpStatus.BAD_REQUEST, "UNREADABLE_BODY",
			"The body is not readable JSON of the right form.");

	private static final Logger log = LoggerFactory.getLogger(ProblemMapper.class);

	private ProblemMapper() {
	}

	static Problem problemOf(Throwable error) {
		Problem problem = resolve(error);
		if (problem.status() == HttpStatus.INTERNAL_SERVER_ERROR) {
			log.error("A request failed", error);
		}
		else if (problem.status().is5xxServerError()) {
			log.warn("A request could not be served: {}", NestedExceptionUtils.getMostSpecificCause(error).toString());
		}
		else {
			log.debug("A request was refused with {} {}", problem.status().value(), problem.code(), error);
		}
		return problem;
	}

	/** Whether the client has closed the connection, so that it cannot get an answer. */
	static boolean isDisconnect(Throwable error) {
		return isCausedBy(error, AsyncRequestNotUsableException.class) || isCausedBy(error, ClientAbortException.class);
	}

	private static Problem resolve(Throwable error) {
		return switch (error) {
			case ProblemException ex -> ex.problem();
			case HttpMessageNotReadableException ex -> ofUnreadable(ex);
			case BindingResult ex -> Problem.invalid(ex.getAllErrors().stream().map(ProblemMapper::of).toList());
			case MethodValidationResult ex -> ofMethod(ex);
			case ConstraintViolationException ex ->
				Problem.invalid(ex.getConstraintViolations().stream().map(ProblemMapper::of).toList());
			case MissingRequestHeaderException ex when ex.getHeaderName().equalsIgnoreCase("Idempotency-Key") ->
				IdempotencyKeys.MISSING;
			case TypeMismatchException ex -> ofTypeMismatch(ex);
			case ErrorResponse ex -> of(ex);
			// As a cause, it would be a connection of ours and not that of the client.
			case SocketTimeoutException _ ->
				Problem.of(HttpStatus.REQUEST_TIMEOUT, "REQUEST_TIMEOUT", "The body did not come in time.");
			case RequestRejectedException _, BadRequestException _, EOFException _ -> Problem.BAD_REQUEST;
			case BusyException _ -> Problem.SERVICE_UNAVAILABLE.with(BusyException.HEADER, "1");
			case AuthenticationServiceException _ -> Problem.SERVICE_UNAVAILABLE;
			case AuthenticationException _ -> Problem.UNAUTHENTICATED;
			case AccessDeniedException _ -> Problem.ACCESS_DENIED;
			case OptimisticLockingFailureException _ -> Problem.of(HttpStatus.CONFLICT, "CONCURRENT_CHANGE",
					"Somebody else changed this at the same time. Try again.");
			default -> ofCause(error);
		};
	}

	private static Problem ofCause(Throwable error) {
		for (Throwable cause = error; cause != null; cause = cause.getCause()) {
			Problem problem = switch (cause) {
				case BodyTooLargeException _ -> Problem.CONTENT_TOO_LARGE;
				case RequestRejectedException _ -> Problem.BAD_REQUEST;
				case InvalidParameterException ex -> Problem.ofStatus(ex.getErrorCode());
				case ProblemException ex -> ex.problem();
				case SQLException ex when Objects.toString(ex.getSQLState(), "").startsWith("22") ->
					Problem.of(HttpStatus.UNPROCESSABLE_CONTENT, VALUE_NOT_STORABLE,
							"A value of the request is out of range.");
				default -> null;
			};
			if (problem != null) {
				return problem;
			}
		}
		if (TransientFailures.isTransient(error)) {
			return Problem.SERVICE_UNAVAILABLE;
		}
		return (error instanceof DataIntegrityViolationException) ? ofViolation(error) : Problem.INTERNAL_ERROR;
	}

	/**
	 * Services check most constraints themselves. If two concurrent requests pass these
	 * checks, they conflict with each other. A missing value is a defect of the service.
	 */
	private static Problem ofViolation(Throwable error) {
		boolean conflict = causes(error).anyMatch((cause) -> cause instanceof SQLException sql
				&& Set.of("23505", "23503", "23P01").contains(Objects.toString(sql.getSQLState(), "")));
		return conflict ? Problem.of(HttpStatus.CONFLICT) : Problem.INTERNAL_ERROR;
	}

	private static Problem ofUnreadable(HttpMessageNotReadableException error) {
		return switch (error.getCause()) {
			case UnrecognizedPropertyException ex -> invalid(ex, "is not a known field");
			case StrictJson.UnstorableTextException ex -> invalid(ex, "must not hold NUL or half a surrogate pair");
			case InvalidFormatException ex when ex.getTargetType().isEnum() && ex.getValue() instanceof String ->
				invalid(ex, "must be one of " + List.of(ex.getTargetType().getEnumConstants()));
			case ValueInstantiationException ex -> invalid(ex, "is not valid");
			case MismatchedInputException ex when isNull(ex) -> invalid(ex, "must not be null");
			case MismatchedInputException ex when !ex.getPath().isEmpty() ->
				Problem.of(HttpStatus.BAD_REQUEST, "WRONG_TYPE", "The field '" + fieldOf(ex) + "' has the wrong type.");
			case InputCoercionException ex when !ex.getPath().isEmpty() ->
				Problem.of(HttpStatus.BAD_REQUEST, "WRONG_TYPE", "The field '" + fieldOf(ex) + "' is out of range.");
			case null, default -> UNREADABLE;
		};
	}

	/** The error itself and what caused it. */
	private static Stream<Throwable> causes(Throwable error) {
		return Stream.iterate(error, Objects::nonNull, Throwable::getCause);
	}

	private static boolean isCausedBy(Throwable error, Class<? extends Throwable> type) {
		return causes(error).anyMatch(type::isInstance);
	}

	/**
	 * Jackson has no exception type for a null or missing value of a primitive field.
	 */
	private static boolean isNull(MismatchedInputException error) {
		return Objects.toString(error.getOriginalMessage(), "").startsWith("Cannot map `null`");
	}

	private static Problem invalid(JacksonException error, String message) {
		return Problem.invalid(List.of(new FieldProblem(fieldOf(error), message)));
	}

	private static String fieldOf(JacksonException error) {
		StringBuilder field = new StringBuilder();
		for (JacksonException.Reference part : error.getPath()) {
			if (part.getPropertyName() == null) {
				field.append('[').append(part.getIndex()).append(']');
			}
			else {
				field.append(field.isEmpty() ? "" : ".").append(part.getPropertyName());
			}
		}
		return field.toString();
	}

	private static FieldProblem of(ObjectError error) {
		String message = Objects.toString(error.getDefaultMessage(), "is not valid");
		if (error instanceof FieldError field) {
			return new FieldProblem(field.getField(), field.isBindingFailure() ? "has the wrong type" : message);
		}
		return new FieldProblem("", message);
	}

	private static FieldProblem of(ConstraintViolation<?> violation) {
		String field = "";
		for (Path.Node node : violation.getPropertyPath()) {
			field = Objects.toString(node.getName(), "");
		}
		return new FieldProblem(field, violation.getMessage());
	}

	private static Problem ofMethod(MethodValidationResult result) {
		if (result.isForReturnValue()) {
			return Problem.INTERNAL_ERROR;
		}
		return Problem.invalid(result.getParameterValidationResults().stream().flatMap((parameter) -> {
			if (parameter instanceof ParameterErrors errors) {
				return errors.getAllErrors().stream().map(ProblemMapper::of);
			}
			return parameter.getResolvableErrors().stream().map((error) -> of(parameter, error));
		}).toList());
	}

	private static FieldProblem of(ParameterValidationResult parameter, MessageSourceResolvable error) {
		return new FieldProblem(Objects.toString(parameter.getMethodParameter().getParameterName(), ""),
				Objects.toString(error.getDefaultMessage(), "is not valid"));
	}

	private static Problem ofTypeMismatch(TypeMismatchException error) {
		Throwable root = NestedExceptionUtils.getMostSpecificCause(error);
		if (root instanceof ProblemException exception) {
			return exception.problem();
		}
		String name = (error instanceof MethodArgumentTypeMismatchException argument) ? argument.getName()
				: Objects.toString(error.getPropertyName(), "");
		return (error.getRequiredType() == UUID.class)
				? Problem.of(HttpStatus.BAD_REQUEST, "MALFORMED_ID", "'" + name + "' is not a UUID.")
				: Problem.of(HttpStatus.BAD_REQUEST, "WRONG_TYPE", "'" + name + "' has the wrong type.");
	}

	/** Refusals of Spring MVC; their details contain only what the client sent. */
	private static Problem of(ErrorResponse error) {
		Problem problem = Problem.ofStatus(error.getStatusCode().value());
		Map<String, String> headers = new LinkedHashMap<>(problem.headers());
		error.getHeaders().forEach((name, values) -> headers.put(name, String.join(", ", values)));
		// Spring also answers HEAD for GET, but does not list it here.
		headers.computeIfPresent(HttpHeaders.ALLOW, (_, methods) -> methods.replaceFirst("\\bGET\\b", "GET, HEAD"));
		String detail = isOurs(error.getStatusCode()) ? error.getBody().getDetail() : null;
		return new Problem(problem.status(), problem.code(), (detail != null) ? detail : problem.detail(),
				problem.errors(), headers);
	}

	private static boolean isOurs(HttpStatusCode status) {
		return status.is4xxClientError() && status.value() != HttpStatus.NOT_FOUND.value();
	}

}
