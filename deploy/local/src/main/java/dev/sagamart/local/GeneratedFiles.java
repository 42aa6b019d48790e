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
 * The files of the repository that are written from {@code platform.yml}: each template
 * in {@code deploy/templates} makes the file that lies at the same place below the root,
 * executable if it is. One with {@code __service__} in its path makes a file for each
 * service. The tags are those of Mustache, as {@code <% %>}; {@link TemplateModel} has
 * what can stand in them.
 *
 * <p>
 * The first line of each, or the second of a script, says which template made it. By that
 * line those are known that their template makes no longer. A copy at another place is
 * its owner's.
 */
public final class GeneratedFiles {

	private static final String TEMPLATES = "deploy/templates/";

	private static final String EACH = "__service__";

	private static final String HEADER = " Written by deploy/generate from platform.yml and " + TEMPLATES;

	private static final Pattern MADE_BY = Pattern
		.compile("\\A(?:(?:#!|<\\?xml).*\\n)?(?:#|--|//|<!--)" + HEADER + "(\\S+)(?: -->)?\\n");

	private static final int LONGEST_HEADER = 300;

	/** Where nothing is looked for: what is built or is not the repository's. */
	private static final Set<String> ELSEWHERE = Set.of(".git", ".local", "target", "node_modules");

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

	/** What one file should be. */
	record Generated(String text, boolean executable) {
	}

	/**
	 * Prints those that are stale in the repository that is named, and writes them or
	 * deletes them; with {@code --check} it exits with 1 instead if there are any.
	 */
	public static void main(String[] arguments) throws IOException {
		System.exit(run(Path.of(arguments[0]), List.of(arguments).contains("--check")));
	}

	static int run(Path root, boolean check) throws IOException {
		try {
			GeneratedFiles files = new GeneratedFiles(root, Declaration.in(root));
			List<Path> stale = check ? files.stale() : files.write();
			stale.forEach(System.out::println);
			return (check && !stale.isEmpty()) ? 1 : 0;
		}
		catch (PartFailedException ex) {
			System.err.println(ex.getMessage());
			return 2;
		}
	}

	/** By path below the root. */
	Map<Path, Generated> contents() throws IOException {
		Map<Path, Generated> contents = new TreeMap<>();
		Path templates = this.root.resolve(TEMPLATES);
		for (File template : files(templates.toFile()).sorted().toList()) {
			String path = templates.relativize(template.toPath()).toString();
			if (path.contains(EACH)) {
				for (Map<String, Object> service : this.model.services()) {
					contents.put(Path.of(path.replace(EACH, String.valueOf(service.get("name")))),
							generated(template, path, service));
				}
			}
			else {
				contents.put(Path.of(path), generated(template, path, this.model.platform()));
			}
		}
		return contents;
	}

	/** Those that are not as they should be, and those that should not be. */
	List<Path> stale() throws IOException {
		Map<Path, Generated> contents = contents();
		List<Path> stale = new ArrayList<>();
		for (File file : files(this.root.toFile()).toList()) {
			Path path = this.root.relativize(file.toPath());
			if (!contents.containsKey(path) && isMadeThere(file.toPath(), path.toString())) {
				stale.add(path);
			}
		}
		for (Map.Entry<Path, Generated> made : contents.entrySet()) {
			Path file = this.root.resolve(made.getKey());
			if (!Files.exists(file)
					|| !made.getValue().equals(new Generated(Files.readString(file), Files.isExecutable(file)))) {
				stale.add(made.getKey());
			}
		}
		return stale.stream().sorted().toList();
	}

	/** Returns those that were stale. */
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

	/** A comment in the language of the file. */
	private static String header(String path) {
		String comment = switch (path.substring(path.lastIndexOf('.') + 1)) {
			case "sql" -> "--%s\n";
			case "json" -> "//%s\n";
			case "xml" -> "<!--%s -->\n";
			default -> "#%s\n";
		};
		return comment.formatted(HEADER + path);
	}

	private static boolean isMadeThere(Path file, String path) throws IOException {
		try (InputStream in = Files.newInputStream(file)) {
			Matcher header = MADE_BY.matcher(new String(in.readNBytes(LONGEST_HEADER), StandardCharsets.ISO_8859_1));
			return header.find() && path.matches(Pattern.quote(header.group(1)).replace(EACH, "\\E[^/]+\\Q"));
		}
	}

	/** All in it, but for what is built or is not the repository's. */
	static Stream<File> files(File directory) {
		return Stream.of(Objects.requireNonNullElse(directory.listFiles(), new File[0]))
			.filter((file) -> !ELSEWHERE.contains(file.getName()))
			.flatMap((file) -> Files.isDirectory(file.toPath(), LinkOption.NOFOLLOW_LINKS) ? files(file)
					: Stream.of(file).filter(File::isFile));
	}

}
