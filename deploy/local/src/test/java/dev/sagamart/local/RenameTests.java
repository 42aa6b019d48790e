package dev.sagamart.local;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.commons.io.FileUtils;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests {@code ./rename} in a small checkout whose formatter does nothing. The new names
 * are unusual, because a fork may already have any common name.
 */
class RenameTests {

	private static final Path ROOT = Path.of("").toAbsolutePath().getParent().getParent();

	@TempDir
	Path directory;

	private Path checkout;

	@BeforeEach
	void checkOut() throws Exception {
		this.checkout = Files.createDirectory(this.directory.resolve("checkout"));
		put("rename", Files.readString(ROOT.resolve("rename")));
		put("mvnw", "#!/bin/sh\nexit 0\n");
		put("README.md", "# Sagamart\nWrite to alice@sagamart.example, set SAGAMART_HOME.\n");
		put("src/main/java/dev/sagamart/orders/Order.java",
				"package dev.sagamart.orders; // \"dev\\\\.sagamart\" dev/sagamart\n");
		put("deploy/labels.yml", "sagamart.dev/server: postgres\nimage: localhost/sagamart/order-service\n");
		put("picture.bin", "\0\1sagamart");
		for (String program : List.of("rename", "mvnw")) {
			assertThat(this.checkout.resolve(program).toFile().setExecutable(true)).isTrue();
		}
		git("init", "-q");
		commit();
	}

	@Test
	void changesContentsAndFolders() throws Exception {
		assertThat(rename("net.brandnew.place", "Brandnew")).isZero();
		assertThat(text("README.md")).isEqualTo("# Brandnew\nWrite to alice@brandnew.example, set BRANDNEW_HOME.\n");
		assertThat(text("src/main/java/net/brandnew/place/orders/Order.java"))
			.isEqualTo("package net.brandnew.place.orders; // \"net\\\\.brandnew\\\\.place\" net/brandnew/place\n");
		assertThat(text("deploy/labels.yml"))
			.isEqualTo("place.brandnew.net/server: postgres\nimage: localhost/brandnew/order-service\n");
		assertThat(text("picture.bin")).as("no text").isEqualTo("\0\1sagamart");
		assertThat(this.checkout.resolve("src/main/java/dev")).doesNotExist();
		assertThat(this.checkout.resolve(".rename")).doesNotExist();
		assertThat(this.checkout.resolve("rename")).isExecutable();
		assertThat(text("rename")).doesNotContainIgnoringCase("sagamart");

		commit();
		assertThat(rename("net.evennewer", "Evennewer")).as("once more").isZero();
		assertThat(text("src/main/java/net/evennewer/orders/Order.java")).startsWith("package net.evennewer.orders;");
		assertThat(text("deploy/labels.yml")).startsWith("evennewer.net/server");
	}

	/** The states of a run that was killed while it moved its result. */
	@ParameterizedTest
	@CsvSource({ "0", "1", "2", "3" })
	void finishesARunThatWasKilled(int moved) throws Exception {
		put(".rename/new/README.md", "# Brandnew\n");
		put(".rename/new/src/main/java/net/brandnew/place/orders/Order.java", "package net.brandnew.place.orders;\n");
		put(".rename/new/rename", text("rename"));
		assertThat(this.checkout.resolve(".rename/new/rename").toFile().setExecutable(true)).isTrue();
		put(".rename/gone", "deploy\npicture.bin\n");
		put(".rename/ready", "");
		if (moved > 0) {
			put("README.md", "# Brandnew\n");
			Files.delete(this.checkout.resolve(".rename/new/README.md"));
		}
		if (moved > 1) {
			FileUtils.deleteDirectory(this.checkout.resolve("src").toFile());
		}
		if (moved > 2) {
			Files.move(this.checkout.resolve(".rename/new/src"), this.checkout.resolve("src"));
		}
		assertThat(rename("net.brandnew.place", "Brandnew")).isEqualTo(1);
		assertThat(output()).startsWith("An earlier ./rename was killed").hasLineCount(1);
		assertThat(text("README.md")).isEqualTo("# Brandnew\n");
		assertThat(text("src/main/java/net/brandnew/place/orders/Order.java"))
			.isEqualTo("package net.brandnew.place.orders;\n");
		assertThat(this.checkout).isDirectoryNotContaining("glob:**/{deploy,picture.bin,.rename}");
		assertThat(this.checkout.resolve("src/main/java/dev")).doesNotExist();
		assertThat(this.checkout.resolve("rename")).isExecutable();
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			                                 | Usage: ./rename PACKAGE NAME
			net.brandnew.place               | Usage: ./rename PACKAGE NAME
			net.brandnew.place Brandnew more | Usage: ./rename PACKAGE NAME
			brandnew Brandnew                | Not a package: brandnew
			com.Brandnew Brandnew            | Not a package: com.Brandnew
			com..brandnew Brandnew           | Not a package: com..brandnew
			com.class.shop Brandnew          | Not a package: com.class.shop
			net.brandnew.place brandnew      | Not a name: brandnew
			net.brandnew.place My-Shop       | Not a name: My-Shop
			net.brandnew.place Select        | The name Select is taken
			net.brandnew.place Spring        | The name Spring is taken
			net.brandnew.place Sagamart      | The name is Sagamart already
			net.brandnew.place Sagamarts     | The name Sagamarts contains the old one
			dev.sagamart.shop Brandnew       | The package dev.sagamart.shop is the current one
			net.brandnew.place Abcdefghijklmnopqrstu | Too long: Abcdefghijklmnopqrstu
			""")
	void rejectsInvalidNames(String words, String line) throws Exception {
		assertThat(rename((words != null) ? words.split(" ") : new String[0])).isEqualTo(1);
		assertThat(output()).startsWith(line).hasLineCount(1);
		assertThat(git("status", "--porcelain")).isEmpty();
	}

	@Test
	void rejectsUncommittedChanges() throws Exception {
		put("README.md", "changed");
		assertThat(rename("net.brandnew.place", "Brandnew")).isEqualTo(1);
		assertThat(output()).startsWith("There are changes that are not committed");
		assertThat(text("README.md")).isEqualTo("changed");
	}

	@Test
	void changesNothingIfTheFormatterFails() throws Exception {
		put("mvnw", "#!/bin/sh\nexit 1\n");
		commit();
		assertThat(rename("net.brandnew.place", "Brandnew")).isEqualTo(1);
		assertThat(output()).contains("Nothing was changed");
		assertThat(git("status", "--porcelain")).isEmpty();
	}

	private int rename(String... words) throws Exception {
		List<String> command = new ArrayList<>(List.of(this.checkout.resolve("rename").toString()));
		command.addAll(List.of(words));
		return new ProcessBuilder(command).redirectErrorStream(true)
			.redirectOutput(this.directory.resolve("said").toFile())
			.start()
			.waitFor();
	}

	private String output() throws IOException {
		return Files.readString(this.directory.resolve("said"));
	}

	private void commit() throws Exception {
		git("add", "-A");
		git("-c", "user.name=a", "-c", "user.email=a@b.example", "commit", "-qm", "All");
	}

	private String git(String... words) throws Exception {
		List<String> command = new ArrayList<>(List.of("git", "-C", this.checkout.toString()));
		command.addAll(List.of(words));
		Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
		String output = new String(process.getInputStream().readAllBytes());
		assertThat(process.waitFor()).as(output).isZero();
		return output;
	}

	private void put(String path, String text) throws IOException {
		Path file = this.checkout.resolve(path);
		Files.createDirectories(file.getParent());
		Files.writeString(file, text);
	}

	private String text(String path) throws IOException {
		return Files.readString(this.checkout.resolve(path));
	}

}
