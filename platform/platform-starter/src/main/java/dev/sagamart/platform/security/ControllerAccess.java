package dev.sagamart.platform.security;

import java.util.Comparator;
import java.util.stream.Stream;
import org.springframework.http.HttpMethod;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.AuthorizeHttpRequestsConfigurer;
import org.springframework.web.bind.annotation.RequestMethod;
import org.springframework.web.servlet.mvc.method.RequestMappingInfo;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;
import org.springframework.web.util.pattern.PathPattern;
import org.springframework.web.util.pattern.PathPatternParser;

/**
 * Turns the annotations at controllers into rules of the filter chain, so that they are
 * enforced before the request is read. Method security would refuse a caller only after
 * the body was parsed and validated.
 */
final class ControllerAccess {

	private ControllerAccess() {
	}

	/** Adds the rules, more specific paths first. */
	static void addTo(AuthorizeHttpRequestsConfigurer<HttpSecurity>.AuthorizationManagerRequestMatcherRegistry requests,
			Stream<RequestMappingHandlerMapping> mappings) {
		mappings.flatMap((mapping) -> mapping.getHandlerMethods().entrySet().stream())
			.flatMap((handler) -> rules(handler.getKey(), Access.to(handler.getValue())))
			.sorted(Comparator.comparing(Rule::path))
			.forEach((rule) -> {
				var matching = requests.requestMatchers(rule.method(), rule.path().getPatternString());
				if (rule.access().anyone()) {
					matching.permitAll();
				}
				else {
					matching.hasAnyAuthority(rule.access().authorities().toArray(String[]::new));
				}
			});
	}

	private static Stream<Rule> rules(RequestMappingInfo mapping, Access access) {
		return mapping.getPatternValues()
			.stream()
			.flatMap((path) -> mapping.getMethodsCondition()
				.getMethods()
				.stream()
				.flatMap(ControllerAccess::withHead)
				.map((method) -> new Rule(PathPatternParser.defaultInstance.parse(path), method, access)));
	}

	/** The method for GET also answers HEAD. */
	private static Stream<HttpMethod> withHead(RequestMethod method) {
		return (method == RequestMethod.GET) ? Stream.of(HttpMethod.GET, HttpMethod.HEAD)
				: Stream.of(method.asHttpMethod());
	}

	private record Rule(PathPattern path, HttpMethod method, Access access) {
	}

}
