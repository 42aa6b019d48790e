package dev.sagamart.platform.test;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/**
 * The certificates of the profile {@code tls}, made by the script that makes them
 * everywhere, {@code deploy/tls/make-certificates}.
 */
public final class TestCertificates {

	private static final char[] NO_PASSWORD = new char[0];

	private final Path directory;

	private TestCertificates(Path directory) {
		this.directory = directory;
	}

	/** An authority that nobody else knows, with a certificate for each service. */
	public static TestCertificates make() {
		try {
			Path directory = Files.createTempDirectory(TestDirectories.own(), "certificates");
			Process script = new ProcessBuilder(script().toString(), directory.toString()).inheritIO().start();
			if (script.waitFor() != 0) {
				throw new IllegalStateException("deploy/tls/make-certificates failed: is openssl there?");
			}
			return new TestCertificates(directory);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IllegalStateException(ex);
		}
	}

	private static Path script() {
		for (Path at = Path.of("").toAbsolutePath(); at != null; at = at.getParent()) {
			Path script = at.resolve("deploy/tls/make-certificates");
			if (Files.isExecutable(script)) {
				return script;
			}
		}
		throw new IllegalStateException("Not inside of the repository");
	}

	/** What a service gets as {@code TLS_DIRECTORY}. */
	public Path of(String service) {
		return this.directory.resolve(service);
	}

	/** Trusts this authority and shows the certificate of a service. */
	public SSLContext as(String service) {
		return context(keys(service));
	}

	/** Trusts this authority and shows nothing. */
	public SSLContext asNobody() {
		return context();
	}

	/** Trusts this authority and shows a certificate of another one. */
	public SSLContext as(String service, TestCertificates other) {
		return context(other.keys(service));
	}

	private SSLContext context(KeyManager... keys) {
		try {
			KeyStore trusted = empty();
			trusted.setCertificateEntry("ca", certificate(this.directory.resolve("ca.crt")));
			TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
			trust.init(trusted);
			SSLContext context = SSLContext.getInstance("TLS");
			context.init(keys, trust.getTrustManagers(), null);
			return context;
		}
		catch (GeneralSecurityException | IOException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private KeyManager[] keys(String service) {
		try {
			String pem = Files.readString(of(service).resolve("tls.key"));
			PrivateKey key = KeyFactory.getInstance("EC")
				.generatePrivate(new PKCS8EncodedKeySpec(
						Base64.getMimeDecoder().decode(pem.replaceAll("-----[A-Z ]+-----", ""))));
			KeyStore own = empty();
			own.setKeyEntry("own", key, NO_PASSWORD, new Certificate[] { certificate(of(service).resolve("tls.crt")) });
			KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
			keys.init(own, NO_PASSWORD);
			return keys.getKeyManagers();
		}
		catch (GeneralSecurityException | IOException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static KeyStore empty() throws GeneralSecurityException, IOException {
		KeyStore store = KeyStore.getInstance("PKCS12");
		store.load(null, null);
		return store;
	}

	private static Certificate certificate(Path file) throws GeneralSecurityException, IOException {
		try (InputStream in = Files.newInputStream(file)) {
			return CertificateFactory.getInstance("X.509").generateCertificate(in);
		}
	}

}
