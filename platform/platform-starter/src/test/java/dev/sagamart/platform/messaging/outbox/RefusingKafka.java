package dev.sagamart.platform.messaging.outbox;

import dev.sagamart.platform.test.TestServers;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.common.errors.NotLeaderOrFollowerException;
import org.apache.kafka.common.message.MetadataResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.protocol.MessageUtil;
import org.apache.kafka.common.requests.AbstractRequest;
import org.apache.kafka.common.requests.AbstractResponse;
import org.apache.kafka.common.requests.RequestHeader;
import org.apache.kafka.common.requests.ResponseHeader;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

/**
 * Between a producer and the broker: a broker that has just started. It refuses the first
 * request with records because it does not lead the partition yet, and takes whatever
 * follows, a second one that was on its way already too.
 */
final class RefusingKafka extends TestProxy {

	private static final int MILLIS_FOR_A_SECOND_REQUEST = 1000;

	private final AtomicBoolean refused = new AtomicBoolean();

	RefusingKafka() throws IOException {
		super(TestServers.kafka().address());
	}

	@Override
	void link(Socket client, Socket broker) throws IOException {
		Link link = new Link(client, broker);
		start(link::passRequests);
		start(link::passResponses);
	}

	String bootstrapServers() {
		return "127.0.0.1:" + port();
	}

	boolean hasRefused() {
		return this.refused.get();
	}

	/** One connection of the producer. Kafka answers in the order of the requests. */
	private final class Link {

		private final Socket client;

		private final DataInputStream fromClient;

		private final DataInputStream fromBroker;

		private final DataOutputStream toClient;

		private final DataOutputStream toBroker;

		private final AtomicInteger unanswered = new AtomicInteger();

		private final Map<Integer, RequestHeader> askedForMetadata = new ConcurrentHashMap<>();

		Link(Socket client, Socket broker) throws IOException {
			this.client = client;
			this.fromClient = new DataInputStream(new BufferedInputStream(client.getInputStream()));
			this.fromBroker = new DataInputStream(broker.getInputStream());
			this.toClient = new DataOutputStream(client.getOutputStream());
			this.toBroker = new DataOutputStream(broker.getOutputStream());
		}

		void passRequests() throws IOException {
			while (true) {
				ByteBuffer request = read(this.fromClient);
				if (header(request).apiKey() == ApiKeys.PRODUCE
						&& RefusingKafka.this.refused.compareAndSet(false, true)) {
					List<ByteBuffer> later = untilTheNextRecords();
					Awaitility.await().until(() -> this.unanswered.get() == 0);
					refuse(request);
					for (ByteBuffer next : later) {
						forward(next);
					}
				}
				else {
					forward(request);
				}
			}
		}

		private List<ByteBuffer> untilTheNextRecords() throws IOException {
			List<ByteBuffer> requests = new ArrayList<>();
			while (requests.isEmpty() || header(requests.getLast()).apiKey() != ApiKeys.PRODUCE) {
				ByteBuffer next = readIfThereIsOne();
				if (next == null) {
					break;
				}
				requests.add(next);
			}
			return requests;
		}

		private @Nullable ByteBuffer readIfThereIsOne() throws IOException {
			this.client.setSoTimeout(MILLIS_FOR_A_SECOND_REQUEST);
			try {
				this.fromClient.mark(1);
				this.fromClient.readByte();
				this.fromClient.reset();
			}
			catch (SocketTimeoutException ex) {
				return null;
			}
			finally {
				this.client.setSoTimeout(0);
			}
			return read(this.fromClient);
		}

		private void forward(ByteBuffer request) throws IOException {
			RequestHeader header = header(request);
			if (header.apiKey() == ApiKeys.METADATA) {
				this.askedForMetadata.put(header.correlationId(), header);
			}
			this.unanswered.incrementAndGet();
			this.toBroker.writeInt(request.remaining());
			this.toBroker.write(request.array());
		}

		private void refuse(ByteBuffer request) throws IOException {
			ByteBuffer buffer = request.duplicate();
			RequestHeader header = RequestHeader.parse(buffer);
			AbstractRequest parsed = AbstractRequest.parseRequest(header.apiKey(), header.apiVersion(),
					new ByteBufferAccessor(buffer)).request;
			answer(header, parsed.getErrorResponse(new NotLeaderOrFollowerException("It has just started")));
		}

		void passResponses() throws IOException {
			while (true) {
				ByteBuffer response = read(this.fromBroker);
				RequestHeader header = this.askedForMetadata.remove(response.getInt(0));
				if (header != null) {
					AbstractResponse parsed = AbstractResponse.parseResponse(response, header);
					((MetadataResponseData) parsed.data()).brokers()
						.forEach((broker) -> broker.setHost("127.0.0.1").setPort(port()));
					answer(header, parsed);
				}
				else {
					write(response);
				}
				this.unanswered.decrementAndGet();
			}
		}

		private void answer(RequestHeader request, AbstractResponse response) throws IOException {
			ResponseHeader header = request.toResponseHeader();
			write(MessageUtil.toByteBufferAccessor(header.data(), header.headerVersion()).buffer(),
					MessageUtil.toByteBufferAccessor(response.data(), request.apiVersion()).buffer());
		}

		private synchronized void write(ByteBuffer... parts) throws IOException {
			int length = 0;
			for (ByteBuffer part : parts) {
				length += part.remaining();
			}
			this.toClient.writeInt(length);
			for (ByteBuffer part : parts) {
				this.toClient.write(part.array(), part.position(), part.remaining());
			}
		}

		private static RequestHeader header(ByteBuffer request) {
			return RequestHeader.parse(request.duplicate());
		}

		private static ByteBuffer read(DataInputStream from) throws IOException {
			return ByteBuffer.wrap(from.readNBytes(from.readInt()));
		}

	}

}
