package dev.sagamart.gateway.declaration;

import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;

/** Reads the declaration, which is imported as properties without a prefix. */
@Configuration(proxyBeanMethods = false)
class DeclarationConfiguration {

	@Bean
	DeclaredServices declaredServices(Environment environment) {
		return Binder.get(environment).bindOrCreate(ConfigurationPropertyName.EMPTY.toString(), DeclaredServices.class);
	}

}
