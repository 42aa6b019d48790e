package dev.sagamart.platform.openapi;

import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.media.Schema;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotEmpty;
import jakarta.validation.constraints.NotNull;
import java.lang.reflect.RecordComponent;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.hibernate.validator.constraints.CodePointLength;
import org.jspecify.annotations.Nullable;
import org.springdoc.core.customizers.GlobalOpenApiCustomizer;
import org.springframework.core.annotation.AnnotatedElementUtils;

/**
 * Adds to the schemas of records which fields are required, which may be {@code null},
 * and that a request must not have other fields. An answer always has all of its fields;
 * a request may omit fields without a constraint.
 */
@SuppressWarnings("rawtypes") // the library's maps are of raw schemas
class ExactSchemas implements GlobalOpenApiCustomizer {

	private static final String PREFIX = "#/components/schemas/";

	private final SchemaNames names;

	ExactSchemas(SchemaNames names) {
		this.names = names;
	}

	@Override
	public void customise(OpenAPI document) {
		Map<String, Schema> schemas = document.getComponents().getSchemas();
		Set<String> requests = new HashSet<>();
		document.getPaths()
			.values()
			.stream()
			.flatMap((path) -> path.readOperations().stream())
			.flatMap((operation) -> Stream.ofNullable(operation.getRequestBody()))
			.flatMap((body) -> body.getContent().values().stream())
			.forEach((media) -> collect(media.getSchema(), schemas, requests));
		refine(schemas, requests);
	}

	/** Refines the schemas of records. */
	void refine(Map<String, Schema> schemas, Set<String> requests) {
		schemas.forEach((name, schema) -> {
			Class<?> type = this.names.recordOf(name);
			if (type != null) {
				refine(schema, type, requests.contains(name));
			}
		});
	}

	private static void collect(@Nullable Schema<?> schema, Map<String, Schema> schemas, Set<String> found) {
		if (schema == null) {
			return;
		}
		if (schema.get$ref() != null && found.add(schema.get$ref().substring(PREFIX.length()))) {
			collect(schemas.get(schema.get$ref().substring(PREFIX.length())), schemas, found);
		}
		collect(schema.getItems(), schemas, found);
		if (schema.getProperties() != null) {
			schema.getProperties().values().forEach((property) -> collect(property, schemas, found));
		}
	}

	private static void refine(Schema<?> schema, Class<?> type, boolean request) {
		Map<String, Schema> properties = schema.getProperties();
		Set<String> required = new LinkedHashSet<>();
		for (RecordComponent component : type.getRecordComponents()) {
			Schema<?> property = properties.get(component.getName());
			if (property != null) {
				boolean nullable = component.getAnnotatedType().isAnnotationPresent(Nullable.class);
				boolean demanded = isDemanded(component);
				if (!request || demanded) {
					required.add(component.getName());
				}
				anchor(property);
				CodePointLength length = AnnotatedElementUtils.findMergedAnnotation(component.getAccessor(),
						CodePointLength.class);
				if (length != null) {
					property.setMinLength(length.min());
					property.setMaxLength(length.max());
				}
				properties.put(component.getName(), (nullable && !demanded) ? orNull(property) : property);
			}
		}
		schema.setRequired(required.isEmpty() ? null : List.copyOf(required));
		if (request) {
			schema.setAdditionalProperties(false);
		}
	}

	private static boolean isDemanded(RecordComponent component) {
		return component.getType().isPrimitive() || Stream.of(NotNull.class, NotBlank.class, NotEmpty.class)
			.anyMatch((constraint) -> component.getAccessor().isAnnotationPresent(constraint));
	}

	/** In Bean Validation the whole text must match, in JSON Schema any part of it. */
	private static void anchor(Schema<?> property) {
		String pattern = property.getPattern();
		if (pattern != null && !pattern.startsWith("^")) {
			property.setPattern("^(?:" + pattern + ")$");
		}
	}

	private static Schema<?> orNull(Schema<?> property) {
		if (property.get$ref() != null) {
			Schema<?> nothing = new Schema<>();
			nothing.addType("null");
			return new Schema<>().oneOf(List.of(property, nothing));
		}
		property.addType("null");
		if (property.getEnum() != null && !property.getEnum().contains(null)) {
			property.addEnumItemObject(null);
		}
		return property;
	}

}
