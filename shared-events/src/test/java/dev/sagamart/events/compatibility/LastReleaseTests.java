package dev.sagamart.events.compatibility;

import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.util.JsonFormat;
import dev.sagamart.events.grpc.GetPricesRequest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Nothing that the last release said may be broken: its services, messages and clients
 * are still about while the next one is rolled out, and long after.
 */
class LastReleaseTests {

	private final LastRelease release = find();

	@TempDir
	private Path directory;

	private static LastRelease find() {
		try {
			return LastRelease.find();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	@Test
	void filesAreThoseThatWereReleased() throws IOException {
		assertThat(this.release.computedSums()).isEqualTo(this.release.committedSums());
	}

	@Test
	void wouldNoticeAnEditedFile() throws IOException {
		LastRelease copy = new LastRelease(this.directory);
		for (String name : this.release.names()) {
			Files.createDirectories(this.directory.resolve(name).getParent());
			Files.copy(this.release.directory().resolve(name), this.directory.resolve(name));
		}
		assertThat(copy.computedSums()).isEqualTo(this.release.committedSums());
		Path golden = copy.files("messages").get("order.placed.v1.json");
		Files.writeString(golden, Files.readString(golden).replace("orderId", "id"));
		assertThat(copy.computedSums()).isNotEqualTo(this.release.committedSums());
	}

	@Test
	void messagesAreUnderstoodOnBothSides() throws IOException {
		assertUnbroken("asyncapi", Compatibility::brokenMessages);
	}

	@Test
	void operationsAreUnderstoodOnBothSides() throws IOException {
		assertUnbroken("openapi", Compatibility::brokenOperations);
	}

	/** The records of today read and write the golden files: see GoldenMessageTests. */
	@Test
	void goldenFilesHaveEverythingThatTheyHad() throws IOException {
		for (Map.Entry<String, Path> golden : this.release.files("messages").entrySet()) {
			Path now = LastRelease.now("messages", golden.getKey());
			assertThat(now).exists();
			List<String> lost = new ArrayList<>();
			collectLost(golden.getKey(), read(golden.getValue()), read(now), lost);
			assertThat(lost).isEmpty();
		}
	}

	@Test
	void protobufIsUnderstoodOnBothSides() throws IOException {
		assertThat(Compatibility.brokenProto(proto(this.release.files("proto").get("catalogue.json")), proto()))
			.isEmpty();
	}

	@Test
	void protobufIsAsCommitted() throws IOException {
		Path file = LastRelease.now("proto", "catalogue.json");
		String text = JsonFormat.printer().print(proto()) + "\n";
		if (System.getProperty("contracts.update") != null) {
			Files.createDirectories(file.getParent());
			Files.writeString(file, text);
		}
		assertThat(file).as("%s is stale; -Dcontracts.update writes it anew", file).hasContent(text);
	}

	private interface Comparison {

		List<String> breaks(JsonNode before, JsonNode after);

	}

	private void assertUnbroken(String kind, Comparison comparison) throws IOException {
		Map<String, Path> documents = this.release.files(kind);
		assertThat(documents).isNotEmpty();
		for (Map.Entry<String, Path> document : documents.entrySet()) {
			JsonNode now = read(LastRelease.now(kind, document.getKey()));
			assertThat(comparison.breaks(read(document.getValue()), now)).as(document.getKey()).isEmpty();
		}
	}

	private static void collectLost(String where, JsonNode before, JsonNode after, List<String> lost) {
		if (before.isObject()) {
			before.forEachEntry((name, value) -> collectLost(where + "." + name, value, after.path(name), lost));
		}
		else if (before.isArray()) {
			for (int i = 0; i < before.size(); i++) {
				collectLost(where + "[" + i + "]", before.get(i), after.path(i), lost);
			}
		}
		else if (!before.equals(after)) {
			lost.add(where);
		}
	}

	static FileDescriptorProto proto() {
		return GetPricesRequest.getDescriptor().getFile().toProto();
	}

	private static FileDescriptorProto proto(Path file) throws IOException {
		FileDescriptorProto.Builder proto = FileDescriptorProto.newBuilder();
		JsonFormat.parser().merge(Files.readString(file), proto);
		return proto.build();
	}

	private static JsonNode read(Path file) throws IOException {
		return JsonMapper.shared().readTree(Files.readString(file));
	}

}
