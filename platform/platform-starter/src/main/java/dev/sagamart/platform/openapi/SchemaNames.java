package dev.sagamart.platform.openapi;

import com.fasterxml.jackson.databind.JavaType;
import io.swagger.v3.core.jackson.TypeNameResolver;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Names schemas after their types, and remembers the record of each schema. The name of a
 * nested type begins with the enclosing type, unless that is a controller.
 */
class SchemaNames extends TypeNameResolver {

	private final Map<String, Class<?>> records = new ConcurrentHashMap<>();

	@Nullable Class<?> recordOf(String schema) {
		return this.records.get(schema);
	}

	@Override
	public String nameForType(JavaType type, Set<Options> options) {
		String name = super.nameForType(type, options);
		Class<?> raw = type.getRawClass();
		if (raw.isRecord()) {
			Class<?> other = this.records.putIfAbsent(name, raw);
			if (other != null && other != raw) {
				throw new IllegalStateException("Two schemas of one name: " + raw + " and " + other);
			}
		}
		return name;
	}

	@Override
	protected String getNameOfClass(Class<?> type) {
		Class<?> around = type.getEnclosingClass();
		return (around != null && !around.getSimpleName().endsWith("Controller"))
				? getNameOfClass(around) + type.getSimpleName() : type.getSimpleName();
	}

}
