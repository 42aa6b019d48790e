package dev.sagamart.platform.test;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.pem.PemSslStoreBundle;
import org.springframework.boot.ssl.pem.PemSslStoreDetails;

/**
 * The certificates of the profile {@code tls}, created by the script
 * {@code deploy/tls/make-certificates}.
 */
public final class TestCertificates {

	private final Path directory;

	private TestCertificates(Path directory) {
		this.directory = directory;
	}

	/** Creates a new certificate authority with a certificate for each service. */
	public static TestCertificates make() {
		try {
			Path directory = Files.createTempDirectory(TestDirectories.own(), "certificates");
			Process script = new ProcessBuilder(script().toString(), directory.toString()).inheritIO().start();
			if (script.waitFor() != 0) {
				throw new IllegalStateException(
						"deploy/tls/make-certificates failed. Check that openssl is installed.");
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
		throw new IllegalStateException("The working directory is not inside the repository");
	}

	/** The value of {@code TLS_DIRECTORY} for a service. */
	public Path of(String service) {
		return this.directory.resolve(service);
	}

	/** A context that trusts this authority and presents the certificate of a service. */
	public SSLContext as(String service) {
		return as(service, this);
	}

	/** A context that trusts this authority and presents no certificate. */
	public SSLContext asAnonymous() {
		return context(null);
	}

	/** A context that trusts this authority and presents a certificate of another one. */
	public SSLContext as(String service, TestCertificates other) {
		return context(PemSslStoreDetails.forCertificate(location(other, service + "/tls.crt"))
			.withPrivateKey(location(other, service + "/tls.key")));
	}

	private SSLContext context(@Nullable PemSslStoreDetails shown) {
		PemSslStoreDetails trusted = PemSslStoreDetails.forCertificate(location(this, "ca.crt"));
		return SslBundle.of(new PemSslStoreBundle(shown, trusted)).createSslContext();
	}

	private static String location(TestCertificates certificates, String file) {
		return certificates.directory.resolve(file).toUri().toString();
	}

}
