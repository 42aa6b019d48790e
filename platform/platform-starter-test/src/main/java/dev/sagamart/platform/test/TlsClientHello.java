package dev.sagamart.platform.test;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;

/**
 * Sends a TLS ClientHello without the JDK's TLS implementation, which does not offer
 * obsolete protocols.
 */
public final class TlsClientHello {

	/** The alert of a server that does not support the protocol version. */
	public static final int PROTOCOL_VERSION = 70;

	private static final byte ALERT = 21;

	private TlsClientHello() {
	}

	/**
	 * The alert (RFC 8446, section 6) of the server at a local port for a client that
	 * supports at most TLS 1.1.
	 */
	public static int alertToTls11(int port) {
		return alertTo(hello(0x0302), port);
	}

	/** The alert for TLS 1.2; a server that supports it sends another alert. */
	public static int alertToTls12(int port) {
		return alertTo(hello(0x0303), port);
	}

	private static byte[] hello(int version) {
		ByteBuffer hello = ByteBuffer.allocate(50);
		hello.put((byte) 22).putShort((short) 0x0301).putShort((short) 45);
		hello.putInt(0x01000000 + 41).putShort((short) version).put(new byte[32]).put((byte) 0);
		hello.putShort((short) 2).putShort((short) 0xc009).put((byte) 1).put((byte) 0);
		return hello.array();
	}

	private static int alertTo(byte[] hello, int port) {
		try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
			socket.setSoTimeout(10_000);
			socket.getOutputStream().write(hello);
			byte[] alert = socket.getInputStream().readNBytes(7);
			if (alert.length < 7 || alert[0] != ALERT) {
				throw new IllegalStateException("The server did not send an alert");
			}
			return alert[6];
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
