package dev.sagamart.gateway.routing;

import io.netty.channel.ChannelOption;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollChannelOption;
import java.time.Duration;
import org.springframework.cloud.gateway.config.HttpClientCustomizer;
import org.springframework.stereotype.Component;
import reactor.netty.http.client.HttpClient;

/** Uses all instances behind a DNS name, and detects half-open connections. */
@Component
class ServiceConnections implements HttpClientCustomizer {

	private static final Duration HALF_OPEN_TIMEOUT = Duration.ofSeconds(10);

	/** Docker's own TTL, ten minutes, is too long to notice a replaced instance. */
	private static final Duration MAX_DNS_TTL = Duration.ofSeconds(5);

	@Override
	public HttpClient customize(HttpClient client) {
		HttpClient customized = client
			.resolver((names) -> names.roundRobinSelection(true).cacheMaxTimeToLive(MAX_DNS_TTL))
			.option(ChannelOption.SO_KEEPALIVE, true);
		if (!Epoll.isAvailable()) {
			return customized;
		}
		return customized.option(EpollChannelOption.TCP_KEEPIDLE, Math.toIntExact(HALF_OPEN_TIMEOUT.toSeconds() / 2))
			.option(EpollChannelOption.TCP_KEEPINTVL, 1)
			.option(EpollChannelOption.TCP_KEEPCNT, Math.toIntExact(HALF_OPEN_TIMEOUT.toSeconds() / 2))
			.option(EpollChannelOption.TCP_USER_TIMEOUT, Math.toIntExact(HALF_OPEN_TIMEOUT.toMillis()));
	}

}
