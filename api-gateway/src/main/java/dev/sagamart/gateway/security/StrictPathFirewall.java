package dev.sagamart.gateway.security;

import dev.sagamart.platform.request.HeaderText;
import java.nio.charset.StandardCharsets;
import org.springframework.security.web.server.firewall.ServerExchangeRejectedException;
import org.springframework.security.web.server.firewall.ServerWebExchangeFirewall;
import org.springframework.security.web.server.firewall.StrictServerWebExchangeFirewall;
import org.springframework.stereotype.Component;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.util.UriUtils;
import reactor.core.publisher.Mono;

/**
 * Rejects ambiguous paths. In addition to Spring's firewall, it rejects invalid UTF-8,
 * such as overlong encodings of dots and slashes, which decoders interpret differently.
 */
@Component
class StrictPathFirewall implements ServerWebExchangeFirewall {

	/** Decoders put it where bytes are not valid UTF-8. */
	private static final char REPLACEMENT = '\ufffd';

	private final StrictServerWebExchangeFirewall strict = new StrictServerWebExchangeFirewall();

	StrictPathFirewall() {
		this.strict.setAllowedHeaderNames(HeaderText::isName);
		this.strict.setAllowedHeaderValues(HeaderText::isValue);
	}

	@Override
	public Mono<ServerWebExchange> getFirewalledExchange(ServerWebExchange exchange) {
		String path = UriUtils.decode(exchange.getRequest().getURI().getRawPath(), StandardCharsets.UTF_8);
		if (path.indexOf(REPLACEMENT) >= 0) {
			return Mono.error(new ServerExchangeRejectedException("The path is not valid UTF-8"));
		}
		return this.strict.getFirewalledExchange(exchange);
	}

}
