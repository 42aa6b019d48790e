package dev.sagamart.gateway.security;

import dev.sagamart.platform.request.HeaderText;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
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

	private final StrictServerWebExchangeFirewall strict = new StrictServerWebExchangeFirewall();

	StrictPathFirewall() {
		this.strict.setAllowedHeaderNames(HeaderText::isName);
		this.strict.setAllowedHeaderValues(HeaderText::isValue);
	}

	@Override
	public Mono<ServerWebExchange> getFirewalledExchange(ServerWebExchange exchange) {
		if (!isUtf8(exchange.getRequest().getURI().getRawPath())) {
			return Mono.error(new ServerExchangeRejectedException("The path is not valid UTF-8"));
		}
		return this.strict.getFirewalledExchange(exchange);
	}

	private static boolean isUtf8(String path) {
		if (path.indexOf('%') < 0) {
			return true;
		}
		byte[] bytes = UriUtils.decode(path, StandardCharsets.ISO_8859_1).getBytes(StandardCharsets.ISO_8859_1);
		try {
			StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
			return true;
		}
		catch (CharacterCodingException _) {
			return false;
		}
	}

}
