package dev.sagamart.events.compatibility;

import com.google.protobuf.DescriptorProtos.DescriptorProto;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

/** Every kind of a breaking change is noticed, and what breaks nothing passes. */
class CompatibilityTests {

	private static final String MESSAGES = """
			{"channels": {"note.events": {"bindings": {"kafka": {"partitions": 12}}}},
			 "operations": {"notes": {"action": "ACTION", "messages": [{"$ref": "#/x/note.written.v1"}]}},
			 "components": {
			  "messages": {"note.written.v1": {"payload": {"$ref": "#/components/schemas/Written"}},
			    "note.written.v2": {"payload": {"$ref": "#/components/schemas/Written"}}},
			  "schemas": {
			   "Written": {"type": "object", "required": ["id", "kind"], "properties": {
			     "id": {"type": "string", "format": "uuid"},
			     "kind": {"type": "string", "enum": ["A", "B"]},
			     "lines": {"type": "array", "items": {"$ref": "#/components/schemas/Line"}},
			     "place": {"oneOf": [{"$ref": "#/components/schemas/Line"}, {"type": "null"}]}}},
			   "Line": {"type": "object", "properties": {"text": {"type": "string", "maxLength": 9}}}}}}
			""";

	private static final String OPERATIONS = """
			{"paths": {"/notes": {"post": {
			  "parameters": [{"in": "query", "name": "size", "schema": {"type": "integer"}}],
			  "requestBody": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Wish"}}}},
			  "responses": {"201": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Note"}}}}}}}},
			 "components": {"schemas": {
			  "Wish": {"type": "object", "required": ["text"], "properties": {"text": {"type": "string"}}},
			  "Note": {"type": "object", "required": ["text"], "properties": {"text": {"type": "string"}}}}}}
			""";

	@ParameterizedTest
	@CsvSource(quoteCharacter = '\'', delimiter = '|', textBlock = """
			SENT  | "id": {            | "key": {            | note.written.v1.id: gone
			SENT  | ["id", "kind"]     | ["kind"]            | note.written.v1.id: may be missing now
			SENT  | ["A", "B"]         | ["A", "B", "C"]     | value was one of
			SENT  | "string", "maxLength" | "integer", "maxLength" | text: type was one of
			SENT  | "uuid"             | "date"              | id: other format
			SENT  | "partitions": 12   | "partitions": 6     | note.events: another topic
			SENT  | #/x/note.written.v1 | #/x/note.read.v1   | note.written.v1 is gone
			TAKEN | ["id", "kind"]     | ["id", "kind", "lines"] | lines: has to be there now
			TAKEN | ["A", "B"]         | ["A"]               | value was one of
			TAKEN | , {"type": "null"} | ''                  | place: type was one of
			TAKEN | "maxLength": 9     | "maxLength": 8      | text: other maxLength
			TAKEN | #/x/note.written.v1 | #/x/note.written.v2 | note.written.v1 is gone
			""")
	void noticesWhatBreaksAMessage(String direction, String part, String other, String complaint) {
		assertThat(brokenMessages(direction, part, other)).anySatisfy((found) -> assertThat(found).contains(complaint));
	}

	@ParameterizedTest
	@CsvSource(quoteCharacter = '\'', delimiter = '|', textBlock = """
			SENT  | "id": {            | "more": {"type": "string"}, "id": {
			SENT  | ["id", "kind"]     | ["id", "kind", "place"]
			SENT  | ["A", "B"]         | ["A"]
			SENT  | #/x/note.written.v1 | #/x/note.written.v2
			TAKEN | "id": {            | "more": {"type": "string"}, "id": {
			TAKEN | ["A", "B"]         | ["A", "B", "C"]
			TAKEN | ["id", "kind"]     | ["id"]
			TAKEN | ["id", "kind"]     | ["id", "kind", "place"]
			TAKEN | , "maxLength": 9   | ''
			""")
	void passesWhatBreaksNoMessage(String direction, String part, String other) {
		assertThat(brokenMessages(direction, part, other)).isEmpty();
	}

	@ParameterizedTest
	@CsvSource(quoteCharacter = '\'', delimiter = '|',
			textBlock = """
					/notes                     | /papers             | post /notes: gone
					"201"                      | "200"               | post /notes 201: gone
					"name": "size"             | "name": "length"    | query size: gone
					"name": "size"             | "name": "size", "required": true | query size: has to be there now
					"integer"                  | "string"            | query size: type was one of
					"post": {                  | "post": {"security": [], | needs a token now
					"Wish": {"type": "object", "required": ["text"] | "Wish": {"type": "object", "required": ["text", "at"] | request.at: has to be there now
					"Note": {"type": "object", "required": ["text"] | "Note": {"type": "object", "required": [] | 201.text: may be missing now
					""")
	void noticesWhatBreaksAnOperation(String part, String other, String complaint) {
		assertThat(brokenOperations(part, other)).anySatisfy((found) -> assertThat(found).contains(complaint));
	}

	@Test
	void passesOperationsAndFieldsThatAreNew() {
		assertThat(brokenOperations("\"text\": {\"type\": \"string\"}",
				"\"text\": {\"type\": \"string\"}, \"at\": {\"type\": \"string\"}"))
			.isEmpty();
		assertThat(brokenOperations("{\"paths\": {", "{\"paths\": {\"/more\": {\"get\": {}},")).isEmpty();
	}

	@Test
	void noticesWhatBreaksProtobuf() {
		assertThat(brokenProto((price) -> price.getFieldBuilder(2).setNumber(9)))
			.containsExactly("ProductPrice.amount: another one, or gone and not reserved");
		assertThat(brokenProto((price) -> price.getFieldBuilder(2).setName("cents"))).isNotEmpty();
		assertThat(brokenProto((price) -> price.getFieldBuilder(2).setType(FieldDescriptorProto.Type.TYPE_INT32)))
			.isNotEmpty();
		assertThat(brokenProto((price) -> price.removeField(2))).isNotEmpty();
		assertThat(brokenProto((price) -> price.setName("Price"))).contains("ProductPrice: gone");
	}

	@Test
	void noticesACallThatIsGoneAndAnotherPackage() {
		FileDescriptorProto before = LastReleaseTests.proto();
		assertThat(Compatibility.brokenProto(before, before.toBuilder().clearService().build()))
			.containsExactly("Catalogue/GetPrices: gone or another");
		assertThat(Compatibility.brokenProto(before, before.toBuilder().setPackage("other").build()))
			.containsExactly("another package");
	}

	@Test
	void passesAFieldThatIsReservedAndOneThatIsNew() {
		assertThat(brokenProto((price) -> price.removeField(2)
			.addReservedRange(DescriptorProto.ReservedRange.newBuilder().setStart(3).setEnd(4))
			.addField(FieldDescriptorProto.newBuilder().setName("more").setNumber(7)))).isEmpty();
	}

	private static List<String> brokenMessages(String direction, String part, String other) {
		String before = MESSAGES.replace("ACTION", direction.equals("SENT") ? "send" : "receive");
		assertThat(before).contains(part);
		return Compatibility.brokenMessages(json(before), json(before.replace(part, (other != null) ? other : "")));
	}

	private static List<String> brokenOperations(String part, String other) {
		assertThat(OPERATIONS).contains(part);
		return Compatibility.brokenOperations(json(OPERATIONS), json(OPERATIONS.replace(part, other)));
	}

	private static List<String> brokenProto(Consumer<DescriptorProto.Builder> change) {
		FileDescriptorProto before = LastReleaseTests.proto();
		FileDescriptorProto.Builder after = before.toBuilder();
		change.accept(after.getMessageTypeBuilderList()
			.stream()
			.filter((message) -> message.getName().equals("ProductPrice"))
			.findFirst()
			.orElseThrow());
		return Compatibility.brokenProto(before, after.build());
	}

	private static JsonNode json(String text) {
		return JsonMapper.shared().readTree(text);
	}

}
