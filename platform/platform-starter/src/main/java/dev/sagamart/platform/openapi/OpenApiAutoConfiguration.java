package dev.sagamart.platform.openapi;

import io.swagger.v3.core.jackson.ModelResolver;
import io.swagger.v3.oas.models.OpenAPI;
import java.util.Objects;
import java.util.stream.Stream;
import org.springdoc.core.providers.ObjectMapperProvider;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.beans.factory.config.BeanFactoryPostProcessor;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;

/**
 * Serves the OpenAPI document of a service at {@value OpenApiDocument#PATH}, and the
 * AsyncAPI document at {@value AsyncApiDocument#PATH}.
 */
@AutoConfiguration(afterName = "org.springdoc.webmvc.core.configuration.SpringDocWebMvcConfiguration")
@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
@Import({ OpenApiDocument.class, AsyncApiDocument.class, DerivedAnswers.class, SchemaNames.class, ExactSchemas.class })
class OpenApiAutoConfiguration {

	/**
	 * Creates these beans and those of the library only when somebody requests a
	 * document. The library itself would create them at start.
	 */
	@Bean
	static BeanFactoryPostProcessor openApiWhenAskedFor() {
		return (beans) -> Stream.of(beans.getBeanDefinitionNames())
			.map(beans::getBeanDefinition)
			.filter(OpenApiAutoConfiguration::isOpenApi)
			.forEach((bean) -> bean.setLazyInit(true));
	}

	private static boolean isOpenApi(BeanDefinition bean) {
		String origin = Objects.requireNonNullElse(bean.getFactoryBeanName(),
				Objects.requireNonNullElse(bean.getBeanClassName(), ""));
		return origin.startsWith("org.springdoc.")
				|| origin.startsWith(OpenApiAutoConfiguration.class.getPackageName());
	}

	@Bean
	OpenAPI openApi(@Value("${spring.application.name:sagamart}") String service) {
		return CommonParts.of(service);
	}

	/** The first to be registered, so that the converters of springdoc precede it. */
	@Bean
	@Order(Ordered.HIGHEST_PRECEDENCE)
	ModelResolver schemas(ObjectMapperProvider mappers, SchemaNames names) {
		return new ModelResolver(mappers.jsonMapper(), names).openapi31(true);
	}

}
