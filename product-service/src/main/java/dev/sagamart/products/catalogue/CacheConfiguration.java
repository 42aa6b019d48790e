package dev.sagamart.products.catalogue;

import com.github.benmanes.caffeine.cache.Ticker;
import java.util.List;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.cache.Cache;
import org.springframework.cache.CacheManager;
import org.springframework.cache.annotation.EnableCaching;
import org.springframework.cache.support.SimpleCacheManager;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
@EnableCaching
@EnableConfigurationProperties(CacheProperties.class)
class CacheConfiguration {

	@Bean
	CacheManager cacheManager(List<Cache> caches) {
		SimpleCacheManager manager = new SimpleCacheManager();
		manager.setCaches(caches);
		return manager;
	}

	@Bean
	Ticker ticker() {
		return Ticker.systemTicker();
	}

}
