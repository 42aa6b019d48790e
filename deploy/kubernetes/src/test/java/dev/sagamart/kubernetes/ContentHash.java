package dev.sagamart.kubernetes;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;

/**
 * The suffix in the name of a ConfigMap that Kustomize generates. It changes with the
 * content, so that pods restart.
 */
final class ContentHash {

	private ContentHash() {
	}

	static String of(ObjectNode configMap) {
		Map<String, Object> data = new TreeMap<>();
		configMap.path("data").properties().forEach((entry) -> data.put(entry.getKey(), entry.getValue().asText()));
		Map<String, Object> content = new TreeMap<>(Map.of("kind", "ConfigMap", "name", "", "data", data));
		try {
			String json = new JsonMapper().writeValueAsString(content)
				.replace("<", "\\u003c")
				.replace(">", "\\u003e")
				.replace("&", "\\u0026");
			byte[] digest = MessageDigest.getInstance("SHA-256").digest(json.getBytes(StandardCharsets.UTF_8));
			// Like Kustomize, replaces characters that could be misread or form words.
			return HexFormat.of()
				.formatHex(digest)
				.substring(0, 10)
				.replace('0', 'g')
				.replace('1', 'h')
				.replace('3', 'k')
				.replace('a', 'm')
				.replace('e', 't');
		}
		catch (JsonProcessingException | NoSuchAlgorithmException ex) {
			throw new IllegalStateException(ex);
		}
	}

}
