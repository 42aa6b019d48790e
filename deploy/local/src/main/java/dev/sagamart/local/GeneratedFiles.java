package dev.sagamart.local;

import com.samskivert.mustache.Mustache;
import com.samskivert.mustache.MustacheException;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Generates files of the repository from {@code platform.yml}. Each template in
 * {@code deploy/templates} produces the file at the same path below the root, which is
 * executable if the template is. A template with {@code __service__} in its path produces
 * a file for each service. The templates are Mustache with the delimiters {@code <% %>};
 * {@link TemplateModel} provides the values.
 *
 * <p>
 * The first line of a generated file (in scripts, the second) names its template. By that
 * line, files are found whose template no longer produces them; they are deleted. A copy
 * at another path is left alone.
 */
public final class GeneratedFiles {

	private static final String TEMPLATES = "deploy/templates/";

	private static final String SERVICE_PLACEHOLDER = "__service__";

	private static final String HEADER = " Written by deploy/generate from platform.yml and " + TEMPLATES;

	private static final Pattern HEADER_PATTERN = Pattern
		.compile("\\A(?:(?:#!|<\\?xml).*\\n)?(?:#|--|//|<!--)" + HEADER + "(\\S+)(?: -->)?\\n");

	private static final int LONGEST_HEADER = 300;

	/** Directories of build output and of files that are not part of the repository. */
	private static final Set<String> IGNORED_DIRECTORIES = Set.of(".git", ".local", "target", "node_modules");

	private static final Mustache.Compiler MUSTACHE = Mustache.compiler()
		.withDelims("<% %>")
		.escapeHTML(false)
		.strictSections(true);

	private final Path root;

	private final TemplateModel model;

	GeneratedFiles(Path root, Declaration declaration) {
		this.root = root;
		this.model = new TemplateModel(declaration);
	}

	record Generated(String text, boolean executable) {
	}

	/**
	 * Prints the stale files of the given repository and rewrites or deletes them. With
	 * {@code --check} it changes nothing and exits with 1 if a file is stale.
	 */
	public static void main(String[] arguments) throws IOException {
		System.exit(run(Path.of(arguments[0]), List.of(arguments).contains("--check")));
	}

	static int run(Path root, boolean check) throws IOException {
		try {
			GeneratedFiles files = new GeneratedFiles(root, Declaration.load(root));
			List<Path> stale = check ? files.stale() : files.write();
			stale.forEach(System.out::println);
			return (check && !stale.isEmpty()) ? 1 : 0;
		}
		catch (PartFailedException ex) {
			System.err.println(ex.getMessage());
			return 2;
		}
	}

	/** The generated files by path below the root. */
	Map<Path, Generated> contents() throws IOException {
		Map<Path, Generated> contents = new TreeMap<>();
		Path templates = this.root.resolve(TEMPLATES);
		for (File template : files(templates.toFile()).sorted().toList()) {
			String path = templates.relativize(template.toPath()).toString();
			if (path.contains(SERVICE_PLACEHOLDER)) {
				for (Map<String, Object> service : this.model.services()) {
					contents.put(Path.of(path.replace(SERVICE_PLACEHOLDER, String.valueOf(service.get("name")))),
							generated(template, path, service));
				}
			}
			else {
				contents.put(Path.of(path), generated(template, path, this.model.platform()));
			}
		}
		return contents;
	}

	/** The files with other content than expected, and those without a template. */
	List<Path> stale() throws IOException {
		Map<Path, Generated> contents = contents();
		List<Path> stale = new ArrayList<>();
		for (File file : files(this.root.toFile()).toList()) {
			Path path = this.root.relativize(file.toPath());
			if (!contents.containsKey(path) && isGenerated(file.toPath(), path.toString())) {
				stale.add(path);
			}
		}
		for (Map.Entry<Path, Generated> entry : contents.entrySet()) {
			Path file = this.root.resolve(entry.getKey());
			if (!Files.exists(file)
					|| !entry.getValue().equals(new Generated(Files.readString(file), Files.isExecutable(file)))) {
				stale.add(entry.getKey());
			}
		}
		return stale.stream().sorted().toList();
	}

	List<Path> write() throws IOException {
		Map<Path, Generated> contents = contents();
		List<Path> stale = stale();
		for (Path path : stale) {
			Path file = this.root.resolve(path);
			Generated generated = contents.get(path);
			if (generated == null) {
				Files.delete(file);
				continue;
			}
			Files.createDirectories(Objects.requireNonNull(file.getParent()));
			Files.writeString(file, generated.text());
			if (!file.toFile().setExecutable(generated.executable(), false)) {
				throw new PartFailedException("Cannot change the mode of " + file);
			}
		}
		return stale;
	}

	private static Generated generated(File template, String path, Object context) throws IOException {
		try {
			String text = MUSTACHE.compile(Files.readString(template.toPath())).execute(context);
			boolean first = text.startsWith("#!") || text.startsWith("<?xml");
			int start = first ? text.indexOf('\n') + 1 : 0;
			return new Generated(text.substring(0, start) + header(path) + text.substring(start),
					template.canExecute());
		}
		catch (MustacheException ex) {
			throw new PartFailedException(TEMPLATES + path + ": " + ex.getMessage(), ex);
		}
	}

	private static String header(String path) {
		String comment = switch (path.substring(path.lastIndexOf('.') + 1)) {
			case "sql" -> "--%s\n";
			case "json" -> "//%s\n";
			case "xml" -> "<!--%s -->\n";
			default -> "#%s\n";
		};
		return comment.formatted(HEADER + path);
	}

	private static boolean isGenerated(Path file, String path) throws IOException {
		try (InputStream in = Files.newInputStream(file)) {
			Matcher header = HEADER_PATTERN
				.matcher(new String(in.readNBytes(LONGEST_HEADER), StandardCharsets.ISO_8859_1));
			return header.find()
					&& path.matches(Pattern.quote(header.group(1)).replace(SERVICE_PLACEHOLDER, "\\E[^/]+\\Q"));
		}
	}

	/** All files below a directory except those in {@link #IGNORED_DIRECTORIES}. */
	static Stream<File> files(File directory) {
		return Stream.of(Objects.requireNonNullElse(directory.listFiles(), new File[0]))
			.filter((file) -> !IGNORED_DIRECTORIES.contains(file.getName()))
			.flatMap((file) -> Files.isDirectory(file.toPath(), LinkOption.NOFOLLOW_LINKS) ? files(file)
					: Stream.of(file).filter(File::isFile));
	}

}
