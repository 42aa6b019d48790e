package dev.sagamart.platform.flags;

import dev.openfeature.contrib.providers.flagd.FlagdOptions;
import dev.openfeature.contrib.providers.flagd.FlagdProvider;
import dev.openfeature.sdk.Client;
import dev.openfeature.sdk.FeatureProvider;
import dev.openfeature.sdk.OpenFeatureAPI;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * OpenFeature's client as a bean. Flags come from the file or flagd of
 * {@link FlagsProperties}, or from a {@link FeatureProvider} bean of the service.
 */
@AutoConfiguration
@EnableConfigurationProperties(FlagsProperties.class)
class FlagsAutoConfiguration {

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnProperty("sagamart.flags.flagd")
	static class Flagd {

		@Bean(destroyMethod = "shutdown")
		@ConditionalOnMissingBean
		FeatureProvider flagdProvider(FlagsProperties properties) {
			return new FlagdProvider(FlagdOptions.builder().targetUri("dns:///" + properties.flagd()).build());
		}

	}

	@Bean
	@ConditionalOnMissingBean(FeatureProvider.class)
	FileFlags fileFlags(FlagsProperties properties) {
		return new FileFlags(properties.file(), System::getenv);
	}

	/** A domain of its own keeps several applications in one process apart. */
	@Bean
	@ConditionalOnMissingBean
	Client featureFlags(FeatureProvider provider) {
		String domain = "sagamart-" + System.identityHashCode(this);
		OpenFeatureAPI api = OpenFeatureAPI.getInstance();
		api.setProvider(domain, provider);
		Client client = api.getClient(domain);
		client.addHooks(new EvaluationRecorder());
		return client;
	}

}
