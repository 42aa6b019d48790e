package dev.sagamart.local;

import com.sun.net.httpserver.HttpServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;

/**
 * Replaces each of our programs: behaves like a Spring Boot jar towards the launcher and
 * is ready at once.
 */
final class FakeService {

	private FakeService() {
	}

	public static void main(String[] arguments) throws Exception {
		if ("tools".equals(System.getProperty("jarmode"))) {
			Path self = Path.of(System.getProperty("java.class.path"));
			Path destination = Files.createDirectories(Path.of(arguments[2]));
			Files.copy(self, destination.resolve(self.getFileName()));
			return;
		}
		if ("onRefresh".equals(System.getProperty("spring.context.exit"))) {
			if (Runtime.getRuntime().maxMemory() > 384 << 20) {
				System.out.println("More heap than a container has");
				System.exit(4);
			}
			return;
		}
		System.out.println("environment " + System.getenv());
		if ("yes".equals(System.getenv("FAIL"))) {
			System.exit(3);
		}
		String port = System.getenv("MANAGEMENT_SERVER_PORT");
		HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(),
				Integer.parseInt((port != null) ? port : System.getenv("PORT"))), 0);
		server.createContext("/", (exchange) -> {
			boolean known = exchange.getRequestURI().getPath().matches("/health|/actuator/health/readiness");
			exchange.sendResponseHeaders(known ? 200 : 404, -1);
			exchange.close();
		});
		server.start();
	}

	/** Writes this class as the jar of a module. */
	static Path jar(Path module) throws Exception {
		Path jar = Files.createDirectories(module.resolve("target"))
			.resolve(module.getFileName() + "-1.0.0-SNAPSHOT.jar");
		Manifest manifest = new Manifest();
		manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
		manifest.getMainAttributes().put(Attributes.Name.MAIN_CLASS, FakeService.class.getName());
		String entry = FakeService.class.getName().replace('.', '/') + ".class";
		try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar), manifest)) {
			out.putNextEntry(new JarEntry(entry));
			FakeService.class.getClassLoader().getResourceAsStream(entry).transferTo(out);
		}
		return jar;
	}

	/** Creates a repository in which every program is built. */
	static Path repository(Path root) throws Exception {
		jar(root.resolve("deploy").resolve("payment-simulator"));
		for (PartName service : PartName.SERVICES) {
			jar(root.resolve(service.text()));
		}
		return root;
	}

}
