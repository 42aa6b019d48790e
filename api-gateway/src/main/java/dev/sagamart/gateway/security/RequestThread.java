package dev.sagamart.gateway.security;

import io.netty.channel.EventLoop;
import org.springframework.http.server.reactive.ServerHttpRequestDecorator;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.netty.Connection;

/** The event loop that a request came in on. */
public final class RequestThread {

	private RequestThread() {
	}

	/**
	 * Goes on there with what was found out on another thread. Of those there are few,
	 * which would else do the work of all requests, and each can be interrupted when what
	 * it was asked for is not wanted any more.
	 */
	public static <T> Mono<T> with(ServerWebExchange exchange, Mono<T> found) {
		return (ServerHttpRequestDecorator.getNativeRequest(exchange.getRequest()) instanceof Connection connection)
				? with(connection.channel().eventLoop(), found) : found;
	}

	private static <T> Mono<T> with(EventLoop loop, Mono<T> found) {
		return found.publishOn(Schedulers.fromExecutor((task) -> {
			if (loop.inEventLoop()) {
				task.run();
			}
			else {
				loop.execute(task);
			}
		}));
	}

}
