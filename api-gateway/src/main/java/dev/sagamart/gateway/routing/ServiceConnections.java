package dev.sagamart.gateway.routing;

import io.netty.channel.ChannelOption;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollChannelOption;
import java.time.Duration;
import org.springframework.cloud.gateway.config.HttpClientCustomizer;
import org.springframework.stereotype.Component;
import reactor.netty.http.client.HttpClient;

/**
 * Finds all instances behind a service's name, and notices that the other end of a
 * connection to one is gone without a word.
 */
@Component
class ServiceConnections implements HttpClientCustomizer {

	private static final Duration SILENCE = Duration.ofSeconds(10);

	/** A container engine's DNS would have its answers kept for ten minutes. */
	private static final Duration NAMES_KEPT = Duration.ofSeconds(5);

	@Override
	public HttpClient customize(HttpClient client) {
		HttpClient alive = client.resolver((names) -> names.roundRobinSelection(true).cacheMaxTimeToLive(NAMES_KEPT))
			.option(ChannelOption.SO_KEEPALIVE, true);
		if (!Epoll.isAvailable()) {
			return alive;
		}
		return alive.option(EpollChannelOption.TCP_KEEPIDLE, Math.toIntExact(SILENCE.toSeconds() / 2))
			.option(EpollChannelOption.TCP_KEEPINTVL, 1)
			.option(EpollChannelOption.TCP_KEEPCNT, Math.toIntExact(SILENCE.toSeconds() / 2))
			.option(EpollChannelOption.TCP_USER_TIMEOUT, Math.toIntExact(SILENCE.toMillis()));
	}

}
