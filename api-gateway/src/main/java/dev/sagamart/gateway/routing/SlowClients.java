package dev.sagamart.gateway.routing;

import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.ChannelPromise;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.timeout.WriteTimeoutHandler;
import io.netty.util.ReferenceCountUtil;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.reactor.netty.NettyServerCustomizer;
import org.springframework.stereotype.Component;
import reactor.netty.NettyPipeline;
import reactor.netty.http.server.HttpServer;

/**
 * Cuts clients off that do not get on: with sending the head of a request, with sending
 * its body, or with taking its answer. A trickle of bytes does not help them.
 */
@Component
class SlowClients implements NettyServerCustomizer {

	private static final Duration LINGER = Duration.ofSeconds(2);

	private final Duration timeout;

	SlowClients(RoutingProperties properties) {
		this.timeout = properties.clientTimeout();
	}

	@Override
	public HttpServer apply(HttpServer server) {
		return server.doOnChannelInit((observer, channel, remote) -> {
			ChannelPipeline pipeline = channel.pipeline();
			if (pipeline.get(NettyPipeline.HttpTrafficHandler) != null) {
				pipeline.addBefore(NettyPipeline.HttpCodec, "slowReaders",
						new WriteTimeoutHandler(this.timeout.toMillis(), TimeUnit.MILLISECONDS));
				pipeline.addBefore(NettyPipeline.HttpTrafficHandler, "slowSenders", new Deadlines());
			}
		});
	}

	/**
	 * One deadline at a time: for the head, from the first byte of the connection or of
	 * the next request; then for the body, a little later than that of
	 * {@link WholeBodyFilter}, which has the better answer.
	 */
	private final class Deadlines extends ChannelDuplexHandler {

		private @Nullable Future<?> deadline;

		private boolean requestEnded;

		private boolean inBody;

		private boolean answered;

		private boolean lingering;

		@Override
		public void channelActive(ChannelHandlerContext context) {
			this.deadline = after(context, SlowClients.this.timeout, () -> cut(context, context.newPromise()));
			context.fireChannelActive();
		}

		@Override
		public void channelRead(ChannelHandlerContext context, Object message) {
			if (this.lingering) {
				ReferenceCountUtil.release(message);
				if (message instanceof LastHttpContent) {
					cut(context, context.newPromise());
				}
				return;
			}
			if (message instanceof HttpContent body && !(message instanceof HttpRequest)
					&& body.decoderResult().isFailure()) {
				ReferenceCountUtil.release(message);
				malformed(context);
				return;
			}
			if (message instanceof HttpRequest) {
				this.inBody = true;
				this.answered = false;
				expect(after(context, SlowClients.this.timeout.plusSeconds(1),
						() -> cut(context, context.newPromise())));
			}
			if (message instanceof LastHttpContent) {
				expect(null);
				this.inBody = false;
				this.requestEnded = true;
			}
			context.fireChannelRead(message);
		}

		/**
		 * The HTTP server would pass the body on as if it had ended there. So it never
		 * hears of it: its request ends with the connection.
		 */
		private void malformed(ChannelHandlerContext context) {
			if (this.answered) {
				cut(context, context.newPromise());
			}
			else {
				refuse(context, HttpResponseStatus.BAD_REQUEST);
			}
		}

		@Override
		public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
			this.answered |= message instanceof HttpResponse;
			var _ = context.write(message, promise);
		}

		/** Bytes that made no message are the beginning of a head. */
		@Override
		public void channelReadComplete(ChannelHandlerContext context) {
			if (this.deadline == null && !this.requestEnded) {
				this.deadline = after(context, SlowClients.this.timeout,
						() -> refuse(context, HttpResponseStatus.REQUEST_TIMEOUT));
			}
			this.requestEnded = false;
			context.fireChannelReadComplete();
		}

		/**
		 * An answer that comes before the end of a body would be lost if what is still on
		 * its way met a closed connection: so we only stop sending, and go on reading for
		 * a while.
		 */
		@Override
		public void close(ChannelHandlerContext context, ChannelPromise promise) {
			if (!this.inBody || this.lingering || !(context.channel() instanceof DuplexChannel channel)
					|| !channel.isActive()) {
				cut(context, promise);
				return;
			}
			this.lingering = true;
			channel.shutdownOutput().addListener((done) -> channel.config().setAutoRead(true));
			expect(after(context, LINGER, () -> cut(context, promise)));
		}

		@Override
		public void channelInactive(ChannelHandlerContext context) {
			expect(null);
			context.fireChannelInactive();
		}

		private void expect(@Nullable Future<?> next) {
			if (this.deadline != null) {
				this.deadline.cancel(false);
			}
			this.deadline = next;
		}

		private static Future<?> after(ChannelHandlerContext context, Duration delay, Runnable then) {
			return context.executor().schedule(then, delay.toMillis(), TimeUnit.MILLISECONDS);
		}

		private static void cut(ChannelHandlerContext context, ChannelPromise promise) {
			var _ = context.close(promise);
		}

		private static void refuse(ChannelHandlerContext context, HttpResponseStatus status) {
			DefaultFullHttpResponse answer = new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, status);
			answer.headers().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
			context.writeAndFlush(answer).addListener(ChannelFutureListener.CLOSE);
		}

	}

}
