package dev.sagamart.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import javax.tools.ToolProvider;

/**
 * How a service of the local platform was started, to start other versions of it. Read
 * from {@code /proc}, which only Linux has.
 *
 * @param jar the service without its libraries, which are in {@code lib} beside it
 */
record RunningProgram(List<String> options, Path jar, Map<String, String> environment) {

	static RunningProgram of(long pid) throws IOException {
		Path process = Path.of("/proc", Long.toString(pid));
		List<String> command = words(process.resolve("cmdline"));
		int jar = command.indexOf("-jar");
		Map<String, String> environment = new HashMap<>();
		for (String variable : words(process.resolve("environ"))) {
			String[] parts = variable.split("=", 2);
			environment.put(parts[0], parts[1]);
		}
		// a cache of classes fits only the class path that it was made for
		return new RunningProgram(
				command.subList(0, jar).stream().filter((option) -> !option.startsWith("-XX:AOT")).toList(),
				Path.of(command.get(jar + 1)), environment);
	}

	private static List<String> words(Path file) throws IOException {
		return List.of(Files.readString(file).split("\0"));
	}

	/**
	 * Makes another version of the program.
	 * @param classes an empty directory for its classes
	 * @param sources are compiled, and replace the program's own classes
	 * @param resources migrations and configuration, are added
	 * @return the command that starts it
	 */
	List<String> version(Path classes, List<Path> sources, List<Path> resources) throws IOException {
		String main;
		try (JarFile content = new JarFile(this.jar.toFile())) {
			main = content.getManifest().getMainAttributes().getValue(Attributes.Name.MAIN_CLASS);
			for (JarEntry entry : content.stream().filter((file) -> !file.isDirectory()).toList()) {
				try (InputStream bytes = content.getInputStream(entry)) {
					write(classes.resolve(entry.getName()), bytes.readAllBytes());
				}
			}
		}
		List<String> compilation = new ArrayList<>(
				List.of("-proc:none", "-parameters", "-d", classes.toString(), "-cp", this.jar.toString()));
		sources.forEach((source) -> compilation.add(source.toString()));
		if (!sources.isEmpty()) {
			ByteArrayOutputStream errors = new ByteArrayOutputStream();
			ToolProvider.getSystemJavaCompiler().run(null, null, errors, compilation.toArray(String[]::new));
			assertThat(errors.toString(StandardCharsets.UTF_8)).doesNotContain("error:");
		}
		for (Path resource : resources) {
			Path folder = resource.toString().endsWith(".sql") ? classes.resolve("db/migration") : classes;
			write(folder.resolve(resource.getFileName()), Files.readAllBytes(resource));
		}
		return Stream
			.concat(this.options.stream(),
					Stream.of("-cp", classes + ":" + this.jar.resolveSibling("lib") + "/*", main))
			.toList();
	}

	private static void write(Path file, byte[] content) {
		try {
			Files.createDirectories(file.getParent());
			Files.write(file, content);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
