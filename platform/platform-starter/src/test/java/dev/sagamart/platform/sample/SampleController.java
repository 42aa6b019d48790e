package dev.sagamart.platform.sample;

import dev.sagamart.platform.openapi.Answers;
import dev.sagamart.platform.problem.FieldProblem;
import dev.sagamart.platform.problem.ProblemException;
import dev.sagamart.platform.security.Caller;
import dev.sagamart.platform.web.IdempotentRequests;
import dev.sagamart.platform.web.Page;
import dev.sagamart.platform.web.PageQuery;
import jakarta.annotation.security.PermitAll;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.validation.ConstraintViolationException;
import jakarta.validation.Valid;
import jakarta.validation.Validator;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.hibernate.validator.constraints.CodePointLength;
import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;
import org.springframework.dao.CannotAcquireLockException;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.dao.OptimisticLockingFailureException;
import org.springframework.dao.QueryTimeoutException;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.security.access.AccessDeniedException;
import org.springframework.security.access.annotation.Secured;
import org.springframework.stereotype.Component;
import org.springframework.transaction.CannotCreateTransactionException;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ResponseStatusException;

@RestController
public class SampleController {

	private final JdbcTemplate jdbc;

	private final Validator validator;

	private final IdempotentRequests idempotentRequests;

	private final Gate gate;

	SampleController(JdbcTemplate jdbc, Validator validator, IdempotentRequests idempotentRequests, Gate gate) {
		this.jdbc = jdbc;
		this.validator = validator;
		this.idempotentRequests = idempotentRequests;
		this.gate = gate;
	}

	enum Colour {

		RED, GREEN

	}

	record Line(@NotNull UUID productId, @Min(1) @Max(999) int quantity) {
	}

	record Thing(@NotBlank @CodePointLength(max = 20) String name, @Valid @Size(max = 3) @Nullable List<Line> lines,
			@Nullable Colour colour, @Nullable Instant at, @Nullable Price price, @Nullable Boolean gift) {
	}

	record Price(long amount, @Pattern(regexp = "[A-Z]{3}") String currency) {

		Price {
			if (currency.length() != 3) {
				throw new IllegalArgumentException("Not a currency: " + currency);
			}
		}

	}

	record NewOrder(@NotBlank String note) {
	}

	record Order(UUID id, String note) {
	}

	@PermitAll
	@PostMapping("/open/things")
	@Answers(201)
	ResponseEntity<Thing> create(@Valid @RequestBody Thing thing) {
		return ResponseEntity.created(URI.create("/open/things/1")).body(thing);
	}

	@PermitAll
	@GetMapping(path = "/open/things/{id}", produces = MediaType.APPLICATION_JSON_VALUE)
	Map<String, Object> thing(@PathVariable UUID id) {
		return Map.of("id", id, "name", "Ünïcödé");
	}

	@PermitAll
	@PutMapping("/open/things/{id}")
	@ResponseStatus(HttpStatus.NO_CONTENT)
	void replace(@PathVariable UUID id, @RequestHeader(HttpHeaders.IF_MATCH) String version,
			@Valid @RequestBody Thing thing) {
	}

	@PermitAll
	@GetMapping("/open/filtered")
	Page<Integer> filtered(@RequestParam(required = false) @Nullable Colour colour,
			@RequestParam(required = false) @Nullable String word, PageQuery query) {
		if ("".equals(word)) {
			throw new IllegalStateException("An empty parameter came through");
		}
		return things(query);
	}

	@PermitAll
	@GetMapping("/open/things")
	Page<Integer> things(PageQuery query) {
		int start = query.isFirst() ? 0 : query.after((key) -> Integer.parseInt(key.getFirst()));
		List<Integer> rows = IntStream.range(start, Math.min(start + query.fetchSize(), 150)).boxed().toList();
		return Page.of(rows, query, (row) -> row, (row) -> List.of(String.valueOf(row + 1)));
	}

	@PermitAll
	@GetMapping("/open/ids")
	Page<UUID> ids(@RequestParam(required = false) @Nullable UUID of, PageQuery query) {
		UUID start = (query.afterId() != null) ? query.afterId() : new UUID(0, 0);
		List<UUID> rows = List.of(start, UUID.randomUUID(), UUID.randomUUID());
		return Page.of(rows, query, (row) -> row, (row) -> List.of(row.toString()));
	}

	@PermitAll
	@DeleteMapping("/open/unread")
	@ResponseStatus(HttpStatus.NO_CONTENT)
	void unread() {
	}

	@PermitAll
	@GetMapping("/open/search")
	String search(@RequestParam @Size(max = 10) String q, @RequestParam(required = false) @Nullable Colour colour) {
		return q + colour;
	}

	@PermitAll
	@GetMapping("/open/header")
	String header(@RequestHeader("X-Needed") String needed) {
		return needed;
	}

	@PermitAll
	@GetMapping("/open/correlation")
	Map<String, String> correlation() {
		return Map.copyOf(MDC.getCopyOfContextMap());
	}

	@PermitAll
	@GetMapping("/open/maybe")
	String maybe(@Nullable Caller caller) {
		return (caller != null) ? caller.userId().toString() : "nobody";
	}

	@PermitAll
	@GetMapping("/open/caller")
	Caller openCaller(Caller caller) {
		return caller;
	}

	@GetMapping("/me")
	Map<String, Object> me(Caller caller) {
		return Map.of("userId", caller.userId(), "roles", caller.roles(), "mdcUserId", MDC.get("userId"));
	}

	@Secured("ROLE_ADMIN")
	@GetMapping("/admin/report")
	String report() {
		return "report";
	}

	@PermitAll
	@GetMapping("/open/db")
	Integer database(@RequestParam(defaultValue = "0") int seconds) {
		return this.jdbc.queryForObject("select 1 from pg_sleep(?)", Integer.class, seconds);
	}

	@PermitAll
	@GetMapping("/open/send-error")
	void sendError(@RequestParam int status, HttpServletResponse response) throws IOException {
		response.sendError(status, "java.lang.Secret");
	}

	@PermitAll
	@GetMapping("/open/committed")
	void committed(HttpServletResponse response) throws IOException {
		response.getOutputStream().write("begun".getBytes(StandardCharsets.UTF_8));
		response.flushBuffer();
		throw new IllegalStateException("too late");
	}

	@PermitAll
	@PostMapping("/open/read")
	int read(HttpServletRequest request, @RequestParam(defaultValue = "stream") String how) throws IOException {
		return switch (how) {
			case "reader" -> (int) request.getReader().lines().mapToLong(String::length).sum();
			case "single" -> {
				int count = 0;
				while (request.getInputStream().read() >= 0) {
					count++;
				}
				yield count;
			}
			default -> request.getInputStream().readAllBytes().length;
		};
	}

	@PermitAll
	@GetMapping("/open/fail/{how}")
	void fail(@PathVariable String how) {
		throw switch (how) {
			case "problem" -> ProblemException.conflict("ORDER_NOT_CANCELLABLE", "It is shipped.");
			case "fields" -> ProblemException.invalid(new FieldProblem("a", "is odd"));
			case "not-found" -> ProblemException.notFound("No such order.");
			case "unforeseen" -> new IllegalStateException("select secret from dev.sagamart.Internals");
			case "optimistic" -> new OptimisticLockingFailureException("version 3");
			case "lock" -> new CannotAcquireLockException("deadlock");
			case "timeout" -> new QueryTimeoutException("slow");
			case "no-transaction" -> new CannotCreateTransactionException("pool");
			case "connection-lost" -> new IllegalStateException(new SQLException("gone", "08006"));
			case "serialization" -> new IllegalStateException(new SQLException("retry", "40001"));
			case "range" -> new DataIntegrityViolationException("x", new SQLException("out of range", "22003"));
			case "unique" -> new DataIntegrityViolationException("x", new SQLException("dup", "23505"));
			case "not-null" -> new DataIntegrityViolationException("x", new SQLException("null", "23502"));
			case "denied" -> new AccessDeniedException("no");
			case "status" -> new ResponseStatusException(HttpStatus.GONE, "It was here.");
			case "constraint" ->
				new ConstraintViolationException(this.validator.validate(new Line(UUID.randomUUID(), 0)));
			case "wrapped" -> new IllegalStateException(ProblemException.badRequest("INNER", "Inside."));
			default -> throw new AssertionError(how);
		};
	}

	@PermitAll
	@PostMapping("/open/fail/{how}")
	void failToo(@PathVariable String how, @RequestBody Thing thing) {
		fail(how);
	}

	@PostMapping("/orders")
	@Answers(value = 201, body = Order.class)
	ResponseEntity<?> order(@RequestHeader(name = "Idempotency-Key", required = false) @Nullable String key,
			@Valid @RequestBody NewOrder body) {
		return this.idempotentRequests.run(key, body, () -> place(body));
	}

	@PostMapping("/orders/{id}/refunds")
	ResponseEntity<?> refund(@PathVariable UUID id, @RequestHeader("Idempotency-Key") String key,
			@Valid @RequestBody NewOrder body) {
		return this.idempotentRequests.run(key, body, () -> ResponseEntity.noContent().build());
	}

	private ResponseEntity<?> place(NewOrder body) {
		UUID id = UUID.randomUUID();
		this.jdbc.update("insert into sample_order values (?, ?)", id, body.note());
		switch (body.note()) {
			case "crash" -> throw new IllegalStateException("after the insert");
			case "unavailable" -> {
				return ResponseEntity.status(HttpStatus.SERVICE_UNAVAILABLE).body(new Order(id, body.note()));
			}
			case "refused" -> {
				return ResponseEntity.status(HttpStatus.CONFLICT).body(new Order(id, body.note()));
			}
			case "slow" -> this.gate.pass();
			default -> {
			}
		}
		return ResponseEntity.created(URI.create("/orders/" + id)).body(new Order(id, body.note()));
	}

	/** Where a slow order waits until the test lets it go. */
	@Component
	public static class Gate {

		private CountDownLatch arrived = new CountDownLatch(1);

		private CountDownLatch opened = new CountDownLatch(1);

		void pass() {
			this.arrived.countDown();
			await(this.opened);
		}

		public void awaitArrival() {
			await(this.arrived);
		}

		public void open() {
			this.opened.countDown();
		}

		private static void await(CountDownLatch latch) {
			try {
				if (!latch.await(10, TimeUnit.SECONDS)) {
					throw new IllegalStateException("Nobody came");
				}
			}
			catch (InterruptedException ex) {
				throw new IllegalStateException(ex);
			}
		}

	}

}
