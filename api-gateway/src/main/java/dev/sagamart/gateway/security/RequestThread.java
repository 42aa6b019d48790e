package dev.sagamart.gateway.security;

import io.netty.channel.EventLoop;
import org.springframework.http.server.reactive.ServerHttpRequestDecorator;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.netty.Connection;

/** The event loop of a request. */
public final class RequestThread {

	private RequestThread() {
	}

	/**
	 * Continues on the event loop of the request with a result that another thread
	 * computed. Otherwise the few threads of that other pool would process the rest of
	 * all requests, and a cancelled computation could interrupt them.
	 */
	public static <T> Mono<T> with(ServerWebExchange exchange, Mono<T> result) {
		return (ServerHttpRequestDecorator.getNativeRequest(exchange.getRequest()) instanceof Connection connection)
				? with(connection.channel().eventLoop(), result) : result;
	}

	private static <T> Mono<T> with(EventLoop loop, Mono<T> result) {
		return result.publishOn(Schedulers.fromExecutor((task) -> {
			if (loop.inEventLoop()) {
				task.run();
			}
			else {
				loop.execute(task);
			}
		}));
	}

}
