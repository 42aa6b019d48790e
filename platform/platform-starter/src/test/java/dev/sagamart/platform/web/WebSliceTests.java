package dev.sagamart.platform.web;

import dev.sagamart.platform.security.Caller;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotBlank;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.webmvc.test.autoconfigure.WebMvcTest;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.http.MediaType;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.security.oauth2.jwt.JwtDecoder;
import org.springframework.test.web.servlet.MockMvc;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;

import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.get;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.post;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.content;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.header;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.jsonPath;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.status;

/** A slice of a service answers like the service. */
@WebMvcTest
@Import(WebSliceTests.EchoController.class)
class WebSliceTests {

	private static final UUID USER = UUID.randomUUID();

	@Autowired
	MockMvc mvc;

	@Test
	void nobodyIsRefused() throws Exception {
		this.mvc.perform(get("/me"))
			.andExpect(status().isUnauthorized())
			.andExpect(content().contentType(MediaType.APPLICATION_PROBLEM_JSON))
			.andExpect(header().exists("X-Correlation-Id"))
			.andExpect(jsonPath("$.code").value("UNAUTHENTICATED"));
	}

	@Test
	void aTokenNamesTheCaller() throws Exception {
		this.mvc.perform(get("/me").header("Authorization", "Bearer token"))
			.andExpect(status().isOk())
			.andExpect(content().string(USER.toString()));
	}

	@Test
	void bodiesAreReadStrictly() throws Exception {
		this.mvc
			.perform(post("/echo").header("Authorization", "Bearer token")
				.contentType(MediaType.APPLICATION_JSON)
				.content("{\"name\":\"a\",\"role\":\"ADMIN\"}"))
			.andExpect(status().isUnprocessableContent())
			.andExpect(jsonPath("$.errors[0].field").value("role"));
	}

	@SpringBootConfiguration
	static class Slice {

		@Bean
		JwtDecoder jwtDecoder() {
			return (token) -> Jwt.withTokenValue(token).header("alg", "none").subject(USER.toString()).build();
		}

	}

	@RestController
	static class EchoController {

		record Name(@NotBlank String name) {
		}

		@GetMapping("/me")
		String me(Caller caller) {
			return caller.userId().toString();
		}

		@PostMapping("/echo")
		Name echo(@Valid @RequestBody Name name) {
			return name;
		}

	}

}
