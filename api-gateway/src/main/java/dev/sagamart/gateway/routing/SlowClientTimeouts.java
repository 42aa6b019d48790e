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
 * Closes connections of clients that are too slow in sending the head of a request, in
 * sending its body, or in reading the response. The time-outs are deadlines, so sending
 * single bytes does not extend them.
 */
@Component
class SlowClientTimeouts implements NettyServerCustomizer {

	private static final Duration LINGER = Duration.ofSeconds(2);

	private final Duration timeout;

	SlowClientTimeouts(RoutingProperties properties) {
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
	 * Has one deadline at a time. The deadline for the head starts with the first byte of
	 * the connection or of the next request. The deadline for the body ends a little
	 * later than that of {@link BodyBufferingFilter}, which sends a better response.
	 */
	private final class Deadlines extends ChannelDuplexHandler {

		private @Nullable Future<?> deadline;

		private boolean requestEnded;

		private boolean inBody;

		private boolean responseStarted;

		private boolean lingering;

		@Override
		public void channelActive(ChannelHandlerContext context) {
			this.deadline = schedule(context, SlowClientTimeouts.this.timeout,
					() -> closeNow(context, context.newPromise()));
			context.fireChannelActive();
		}

		@Override
		public void channelRead(ChannelHandlerContext context, Object message) {
			if (this.lingering) {
				ReferenceCountUtil.release(message);
				if (message instanceof LastHttpContent) {
					closeNow(context, context.newPromise());
				}
				return;
			}
			if (message instanceof HttpContent body && !(message instanceof HttpRequest)
					&& body.decoderResult().isFailure()) {
				ReferenceCountUtil.release(message);
				refuseMalformedBody(context);
				return;
			}
			if (message instanceof HttpRequest) {
				this.inBody = true;
				this.responseStarted = false;
				setDeadline(schedule(context, SlowClientTimeouts.this.timeout.plusSeconds(1),
						() -> closeNow(context, context.newPromise())));
			}
			if (message instanceof LastHttpContent) {
				setDeadline(null);
				this.inBody = false;
				this.requestEnded = true;
			}
			context.fireChannelRead(message);
		}

		/** Reactor Netty would treat the body as complete, so it never gets it. */
		private void refuseMalformedBody(ChannelHandlerContext context) {
			if (this.responseStarted) {
				closeNow(context, context.newPromise());
			}
			else {
				refuse(context, HttpResponseStatus.BAD_REQUEST);
			}
		}

		@Override
		public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
			this.responseStarted |= message instanceof HttpResponse;
			var _ = context.write(message, promise);
		}

		/** Bytes that have not completed a message are the start of a head. */
		@Override
		public void channelReadComplete(ChannelHandlerContext context) {
			if (this.deadline == null && !this.requestEnded) {
				this.deadline = schedule(context, SlowClientTimeouts.this.timeout,
						() -> refuse(context, HttpResponseStatus.REQUEST_TIMEOUT));
			}
			this.requestEnded = false;
			context.fireChannelReadComplete();
		}

		/**
		 * If a response is sent before the end of the request body, closing the
		 * connection could discard the response, because the client is still sending.
		 * Therefore only the output is closed, and the input is read for a while.
		 */
		@Override
		public void close(ChannelHandlerContext context, ChannelPromise promise) {
			if (!this.inBody || this.lingering || !(context.channel() instanceof DuplexChannel channel)
					|| !channel.isActive()) {
				closeNow(context, promise);
				return;
			}
			this.lingering = true;
			channel.shutdownOutput().addListener((done) -> channel.config().setAutoRead(true));
			setDeadline(schedule(context, LINGER, () -> closeNow(context, promise)));
		}

		@Override
		public void channelInactive(ChannelHandlerContext context) {
			setDeadline(null);
			context.fireChannelInactive();
		}

		private void setDeadline(@Nullable Future<?> next) {
			if (this.deadline != null) {
				this.deadline.cancel(false);
			}
			this.deadline = next;
		}

		private static Future<?> schedule(ChannelHandlerContext context, Duration delay, Runnable then) {
			return context.executor().schedule(then, delay.toMillis(), TimeUnit.MILLISECONDS);
		}

		private static void closeNow(ChannelHandlerContext context, ChannelPromise promise) {
			var _ = context.close(promise);
		}

		private static void refuse(ChannelHandlerContext context, HttpResponseStatus status) {
			DefaultFullHttpResponse answer = new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, status);
			answer.headers().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
			context.writeAndFlush(answer).addListener(ChannelFutureListener.CLOSE);
		}

	}

}
