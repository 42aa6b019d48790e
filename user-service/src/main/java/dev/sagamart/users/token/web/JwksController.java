package dev.sagamart.users.token.web;

import dev.sagamart.users.token.SigningKeys;
import jakarta.annotation.security.PermitAll;
import java.util.Map;
import org.springframework.http.CacheControl;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

@RestController
@PermitAll
class JwksController {

	private final SigningKeys keys;

	JwksController(SigningKeys keys) {
		this.keys = keys;
	}

	/** Serves JSON and the media type of RFC 7517, since clients accept either. */
	@GetMapping(path = "/oauth2/jwks", produces = { MediaType.APPLICATION_JSON_VALUE, "application/jwk-set+json" })
	ResponseEntity<Map<String, Object>> keys() {
		return ResponseEntity.ok()
			.cacheControl(CacheControl.maxAge(this.keys.cached()).cachePublic())
			.body(this.keys.published().toJSONObject());
	}

}
