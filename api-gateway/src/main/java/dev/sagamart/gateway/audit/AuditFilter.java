package dev.sagamart.gateway.audit;

import dev.sagamart.gateway.DeclaredServices;
import dev.sagamart.gateway.EdgeFilter;
import dev.sagamart.gateway.forwarding.ClientAddress;
import dev.sagamart.gateway.problem.Problems;
import dev.sagamart.gateway.problem.PathRedaction;
import dev.sagamart.gateway.security.Caller;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.springframework.cloud.gateway.route.Route;
import org.springframework.cloud.gateway.support.ServerWebExchangeUtils;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;
import org.springframework.web.util.pattern.PathPattern;
import org.springframework.web.util.pattern.PathPatternParser;
import reactor.core.publisher.Mono;

/**
 * Records changes and attempts to change something, refusals, and administrators'
 * requests.
 */
@EdgeFilter
@Order(EdgeFilter.AUDIT)
class AuditFilter implements WebFilter {

	/** The statuses for which reads are recorded too. */
	private static final Set<Integer> REFUSAL_STATUSES = Set.of(401, 403, 429);

	private static final Set<HttpMethod> READ_METHODS = Set.of(HttpMethod.GET, HttpMethod.HEAD, HttpMethod.OPTIONS);

	private static final PathPattern OPERATIONS = PathPatternParser.defaultInstance.parse(DeclaredServices.OPERATIONS);

	private final Predicate<ServerHttpRequest> audited;

	private final PathRedaction paths;

	private final AuditTrail trail;

	private final ClientAddress clientAddress;

	private final Clock clock;

	AuditFilter(AuditTrail trail, ClientAddress clientAddress, DeclaredServices services, PathRedaction paths,
			Clock clock) {
		this.audited = services.requests(DeclaredServices.Path::audited);
		this.paths = paths;
		this.trail = trail;
		this.clientAddress = clientAddress;
		this.clock = clock;
	}

	@Override
	public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
		AtomicBoolean recorded = new AtomicBoolean();
		exchange.getResponse().beforeCommit(() -> {
			if (recorded.compareAndSet(false, true)) {
				HttpStatusCode status = exchange.getResponse().getStatusCode();
				addEntry(exchange, (status != null) ? status.value() : 200);
			}
			return Mono.empty();
		});
		return chain.filter(exchange).doOnCancel(() -> {
			if (recorded.compareAndSet(false, true)) {
				addEntry(exchange, null);
			}
		});
	}

	private void addEntry(ServerWebExchange exchange, @Nullable Integer status) {
		ServerHttpRequest request = exchange.getRequest();
		boolean refused = status != null && REFUSAL_STATUSES.contains(status);
		if (READ_METHODS.contains(request.getMethod()) && !refused && !isForAdministrators(request)) {
			return;
		}
		String userId = Caller.idOf(exchange);
		String address = AuditEntry.isRefusal(status, userId) ? this.clientAddress.networkOf(exchange)
				: this.clientAddress.of(exchange);
		Route route = exchange.getAttribute(ServerWebExchangeUtils.GATEWAY_ROUTE_ATTR);
		this.trail
			.add(new AuditEntry(this.clock.instant().truncatedTo(ChronoUnit.MILLIS), userId, request.getMethod().name(),
					this.paths.redact(request.getURI().getRawPath()), (route != null) ? route.getId() : null, address,
					status, Problems.codeOf(exchange), Problems.correlationIdOf(exchange)));
	}

	private boolean isForAdministrators(ServerHttpRequest request) {
		return OPERATIONS.matches(request.getPath()) || this.audited.test(request);
	}

}
