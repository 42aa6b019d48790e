package dev.sagamart.platform.messaging.outbox;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Between a client and a server, until it is closed. */
abstract class TestProxy implements AutoCloseable {

	private final ServerSocket listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());

	private final List<Socket> sockets = new CopyOnWriteArrayList<>();

	/**
	 * Listens, and connects every client with the server.
	 * @param address of the server, as {@code host:port}
	 */
	TestProxy(String address) throws IOException {
		String[] hostAndPort = address.split(":");
		Thread.ofVirtual().start(() -> {
			while (!this.listening.isClosed()) {
				try {
					Socket client = this.listening.accept();
					Socket server = new Socket(hostAndPort[0], Integer.parseInt(hostAndPort[1]));
					this.sockets.add(client);
					this.sockets.add(server);
					link(client, server);
				}
				catch (IOException ex) {
					return;
				}
			}
		});
	}

	/** Starts the traffic of a new connection. */
	abstract void link(Socket client, Socket server) throws IOException;

	/** Passes something on until one of the sockets is closed. */
	static void start(Traffic traffic) {
		Thread.ofPlatform().daemon().start(() -> {
			try {
				traffic.pass();
			}
			catch (IOException ex) {
				// Closed.
			}
		});
	}

	int port() {
		return this.listening.getLocalPort();
	}

	@Override
	public void close() throws IOException {
		this.listening.close();
		for (Socket socket : this.sockets) {
			socket.close();
		}
	}

	interface Traffic {

		void pass() throws IOException;

	}

}
