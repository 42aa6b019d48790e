package dev.sagamart.gateway.problem;

import dev.sagamart.platform.request.CorrelationId;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import org.springframework.boot.reactor.netty.NettyServerCustomizer;
import org.springframework.http.MediaType;
import org.springframework.stereotype.Component;
import reactor.netty.NettyPipeline;
import reactor.netty.http.server.HttpServer;

/** Adds a body to the 400, 414 and 431 of Netty's HTTP decoder. */
@Component
class DecoderErrorResponses implements NettyServerCustomizer {

	@Override
	public HttpServer apply(HttpServer server) {
		return server.doOnChannelInit((observer, channel, remote) -> {
			if (channel.pipeline().get(NettyPipeline.HttpCodec) != null) {
				channel.pipeline().addAfter(NettyPipeline.HttpCodec, "problemDetails", new ErrorBodyHandler());
			}
		});
	}

	private static final class ErrorBodyHandler extends ChannelOutboundHandlerAdapter {

		@Override
		public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
			boolean withoutBody = message instanceof FullHttpResponse response && response.status().code() >= 400
					&& !response.headers().contains(HttpHeaderNames.CONTENT_TYPE);
			var _ = context.write(withoutBody ? withBody((FullHttpResponse) message) : message, promise);
		}

		private static FullHttpResponse withBody(FullHttpResponse bare) {
			String correlationId = CorrelationId.of(null);
			ByteBuf body = Unpooled
				.wrappedBuffer(EdgeProblem.of(bare.status().code()).toJson("about:blank", correlationId));
			FullHttpResponse response = bare.replace(body);
			response.headers()
				.set(HttpHeaderNames.CONTENT_TYPE, MediaType.APPLICATION_PROBLEM_JSON_VALUE)
				.set(HttpHeaderNames.CONTENT_LENGTH, body.readableBytes())
				.set(HttpHeaderNames.CACHE_CONTROL, "private, no-store")
				.set("X-Content-Type-Options", "nosniff")
				.set(HttpHeaderNames.CONTENT_SECURITY_POLICY, "default-src 'none'; frame-ancestors 'none'")
				.set(CorrelationId.HEADER, correlationId);
			bare.release();
			return response;
		}

	}

}
