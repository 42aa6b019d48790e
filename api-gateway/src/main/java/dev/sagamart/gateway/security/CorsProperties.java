package dev.sagamart.gateway.security;

import java.util.List;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/** Which other web sites may call the API from a browser. */
@ConfigurationProperties("sagamart.gateway.cors")
record CorsProperties(@DefaultValue List<String> allowedOrigins) {
}
