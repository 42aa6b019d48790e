package dev.sagamart.simulator;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/**
 * Sends events to an endpoint with Stripe's signature until it answers 2xx. Retries start
 * after one second and back off exponentially up to an hour, for three days. Pending
 * deliveries are stored in the books and survive a restart. The order is not guaranteed.
 */
final class Webhooks implements AutoCloseable {

	private static final int MAX_CONCURRENT = 4;

	private static final long MAX_BACKOFF = Duration.ofHours(1).toSeconds();

	private static final long GIVE_UP_AFTER = Duration.ofDays(3).toSeconds();

	private final Books books;

	private final HttpClient http = HttpClient.newBuilder()
		.version(HttpClient.Version.HTTP_1_1)
		.connectTimeout(Duration.ofSeconds(5))
		.executor((task) -> Thread.ofVirtual().start(task))
		.build();

	private final Set<String> inDelivery = ConcurrentHashMap.newKeySet();

	private final Semaphore free = new Semaphore(MAX_CONCURRENT);

	private final Semaphore wake = new Semaphore(0);

	private final Thread dispatcher = Thread.ofVirtual().name("webhooks").unstarted(this::dispatch);

	private final HttpRequest.Builder request;

	private final SecretKeySpec secret;

	/** Sends new and pending events to this URL until it is closed. */
	Webhooks(Books books, URI url, String secret) {
		this.books = books;
		this.request = HttpRequest.newBuilder(url)
			.timeout(Duration.ofSeconds(30))
			.header("Content-Type", "application/json; charset=utf-8")
			.header("User-Agent", "Stripe/1.0 (simulated)");
		this.secret = new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacSHA256");
		books.onEventDue(this.wake::release);
		this.dispatcher.start();
	}

	/** Creates a TLS context that trusts the certificate authorities in a file. */
	static SSLContext trusting(Path certificates) throws IOException, GeneralSecurityException {
		KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
		store.load(null, null);
		try (InputStream file = Files.newInputStream(certificates)) {
			for (Certificate certificate : CertificateFactory.getInstance("X.509").generateCertificates(file)) {
				store.setCertificateEntry("authority" + store.size(), certificate);
			}
		}
		TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
		trust.init(store);
		SSLContext context = SSLContext.getInstance("TLS");
		context.init(null, trust.getTrustManagers(), null);
		return context;
	}

	private void dispatch() {
		try {
			while (true) {
				this.free.acquire();
				Tables.Delivery next = nextDue();
				if (next == null) {
					this.free.release();
					// Wakes up every second, because nothing signals that a retry is due.
					this.wake.tryAcquire(1, TimeUnit.SECONDS);
					this.wake.drainPermits();
				}
				else {
					this.inDelivery.add(next.event().id());
					Thread.ofVirtual().start(() -> deliver(next));
				}
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	private Tables.@Nullable Delivery nextDue() {
		// Copy this first: a delivery that ends meanwhile is no longer in the books.
		Set<String> sentNow = Set.copyOf(this.inDelivery);
		return this.books.read((tables) -> tables.due(this.books.now(), MAX_CONCURRENT + 1))
			.stream()
			.filter((delivery) -> !sentNow.contains(delivery.event().id()))
			.findFirst()
			.orElse(null);
	}

	private void deliver(Tables.Delivery delivery) {
		Event event = delivery.event();
		try {
			long now = this.books.now();
			boolean ended = isAccepted(event) || now - event.created() > GIVE_UP_AFTER;
			long wait = Math.min(1L << Math.min(delivery.attempts(), 30), MAX_BACKOFF);
			this.books.recordDelivery(event, ended, this.books.now() + wait);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		catch (IllegalStateException ex) {
			// The result could not be saved, so the event will be sent again.
			System.err.println("The result of a webhook could not be saved: " + ex);
		}
		finally {
			this.inDelivery.remove(event.id());
			this.free.release();
		}
	}

	private boolean isAccepted(Event event) throws InterruptedException {
		String body = event.json().toString();
		String time = Long.toString(System.currentTimeMillis() / 1000);
		HttpRequest signed = this.request.copy()
			.header("Stripe-Signature", "t=" + time + ",v1=" + signature(time + "." + body))
			.POST(HttpRequest.BodyPublishers.ofString(body))
			.build();
		try {
			return this.http.send(signed, HttpResponse.BodyHandlers.discarding()).statusCode() / 100 == 2;
		}
		catch (IOException ex) {
			return false;
		}
	}

	private String signature(String signed) {
		try {
			Mac mac = Mac.getInstance("HmacSHA256");
			mac.init(this.secret);
			return HexFormat.of().formatHex(mac.doFinal(signed.getBytes(StandardCharsets.UTF_8)));
		}
		catch (GeneralSecurityException ex) {
			throw new IllegalStateException(ex);
		}
	}

	@Override
	public void close() {
		this.dispatcher.interrupt();
		this.http.shutdownNow();
		try {
			this.dispatcher.join();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

}
