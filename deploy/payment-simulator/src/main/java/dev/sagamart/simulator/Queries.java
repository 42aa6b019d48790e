package dev.sagamart.simulator;

import dev.sagamart.simulator.Tables.Page;
import java.util.List;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The read-only calls of Stripe's API. */
final class Queries {

	private static final Pattern ORDER_QUERY = Pattern.compile("metadata\\['(\\w+)'\\]\\s*:\\s*['\"]([^'\"]*)['\"]");

	private final Books books;

	Queries(Books books) {
		this.books = books;
	}

	/** Executes a GET; {@code null} if there is no such call. */
	@Nullable Reply get(String path, Form query) {
		String intentId = query.get("payment_intent");
		boolean withCharge = query.expands("data.latest_charge");
		return switch (path) {
			case "/v1/payment_intents" ->
				list(path, query, this::positionOfIntent, Tables::intents, (intent) -> intent.json(withCharge));
			case "/v1/payment_intents/search" -> search(path, query, withCharge);
			case "/v1/charges" -> list(path, query, (id) -> positionOfIntent(id.replaceFirst("^ch_", "pi_")),
					(tables, page) -> tables.charges(intentId, page), Intent::chargeJson);
			case "/v1/refunds" -> list(path, query, this::positionOfRefund,
					(tables, page) -> tables.refunds(intentId, page), Refund::json);
			case "/v1/events" -> {
				List<String> types = eventTypes(query);
				yield list(path, query, this::positionOfEvent,
						(tables, page) -> tables.events(types, page, this.books.now()), Event::json);
			}
			default -> one(path, query);
		};
	}

	private @Nullable Reply one(String path, Form query) {
		int slash = path.lastIndexOf('/');
		String id = path.substring(slash + 1);
		return switch (path.substring(0, slash)) {
			case "/v1/payment_intents" -> {
				Intent intent = this.books.read((tables) -> tables.intent(id));
				yield (intent != null) ? Reply.ok(intent.json(query.expands("latest_charge")))
						: Reply.of(Refusal.notFound("payment_intent", "intent", id));
			}
			case "/v1/refunds" -> {
				Refund refund = this.books.read((tables) -> tables.refund(id));
				yield (refund != null) ? Reply.ok(refund.json()) : Reply.of(Refusal.notFound("refund", "id", id));
			}
			case "/v1/events" -> {
				Event event = this.books.read((tables) -> tables.event(id));
				yield (event != null) ? Reply.ok(event.json()) : Reply.of(Refusal.notFound("event", "id", id));
			}
			default -> null;
		};
	}

	/** The position of an element in a list, which is sorted by creation. */
	private record Position(long created, long number) {
	}

	private interface Reader<T> {

		List<T> read(Tables tables, Page page);

	}

	/** A page of a list, newest first. */
	private <T> Reply list(String path, Form query, Function<String, @Nullable Position> positions, Reader<T> reader,
			Function<T, String> json) {
		int limit;
		long from;
		long before;
		try {
			limit = Math.clamp(number(query, "limit", 10), 1, 100);
			from = Math.max(number(query, "created[gte]", 0), number(query, "created[gt]", -1) + 1);
			before = Math.min(number(query, "created[lt]", Long.MAX_VALUE),
					number(query, "created[lte]", Long.MAX_VALUE - 1) + 1);
		}
		catch (NumberFormatException ex) {
			return Reply.of(Refusal.invalid(400, "parameter_invalid_integer", null, "Invalid integer"));
		}
		String after = query.get("starting_after");
		Position position = (after != null) ? positions.apply(after) : new Position(Long.MAX_VALUE - 1, Long.MAX_VALUE);
		if (position == null) {
			return Reply.of(Refusal.notFound("object", "starting_after", String.valueOf(after)));
		}
		List<T> found = this.books.read((tables) -> reader.read(tables,
				new Page(from, Math.min(before, position.created + 1), position.created, position.number, limit + 1)));
		return Reply.ok(new Json().put("object", "list")
			.put("url", path)
			.put("has_more", found.size() > limit)
			.raw("data", found.stream().limit(limit).map(json).collect(Collectors.joining(",", "[", "]")))
			.toString());
	}

	private static long number(Form query, String name, long defaultValue) {
		String text = query.get(name);
		return (text != null) ? Long.parseLong(text) : defaultValue;
	}

	private static List<String> eventTypes(Form query) {
		String type = query.get("type");
		List<String> wanted = (type != null) ? List.of(type) : List.copyOf(query.nested("types").values());
		return wanted.isEmpty() ? Event.TYPES : Event.TYPES.stream().filter(wanted::contains).toList();
	}

	private @Nullable Position positionOfIntent(String id) {
		Intent intent = this.books.read((tables) -> tables.intent(id));
		return (intent != null) ? new Position(intent.created(), intent.number()) : null;
	}

	private @Nullable Position positionOfRefund(String id) {
		Refund refund = this.books.read((tables) -> tables.refund(id));
		return (refund != null) ? new Position(refund.created(), refund.number()) : null;
	}

	private @Nullable Position positionOfEvent(String id) {
		Event event = this.books.read((tables) -> tables.event(id));
		return (event != null) ? new Position(event.created(), event.number()) : null;
	}

	private Reply search(String path, Form query, boolean withCharge) {
		String text = query.get("query");
		Matcher matcher = ORDER_QUERY.matcher((text != null) ? text : "");
		if (!matcher.matches()) {
			return Reply.of(Refusal.invalid(400, null, "query", "Only metadata['name']:'value' can be searched for."));
		}
		List<Intent> found = this.books.read((tables) -> tables.search(matcher.group(1), matcher.group(2)));
		return Reply.ok(new Json().put("object", "search_result")
			.put("url", path)
			.put("has_more", false)
			.raw("data",
					found.stream().map((intent) -> intent.json(withCharge)).collect(Collectors.joining(",", "[", "]")))
			.toString());
	}

}
