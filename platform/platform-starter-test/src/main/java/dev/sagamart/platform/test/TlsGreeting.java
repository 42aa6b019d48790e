package dev.sagamart.platform.test;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;

/**
 * The beginning of a TLS handshake, written by hand: the JDK would not even offer
 * protocols that nobody should speak any more.
 */
public final class TlsGreeting {

	/** The alert of a server that does not speak the protocol. */
	public static final int PROTOCOL_VERSION = 70;

	private static final byte ALERT = 21;

	private TlsGreeting() {
	}

	/**
	 * What the server at a port of this machine answers, as a code of RFC 8446 section 6,
	 * to a client that speaks TLS 1.1 at most.
	 */
	public static int alertToTls11(int port) {
		return alertTo(hello(0x0302), port);
	}

	/** The same with TLS 1.2: a server that speaks it finds something else amiss. */
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
				throw new IllegalStateException("No alert");
			}
			return alert[6];
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
