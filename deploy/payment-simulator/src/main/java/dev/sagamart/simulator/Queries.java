package dev.sagamart.simulator;

import dev.sagamart.simulator.Tables.Page;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** The read-only calls of Stripe's API. */
record Queries(Books books) {

	private static final Pattern ORDER_QUERY = Pattern.compile("metadata\\['(\\w+)'\\]\\s*:\\s*['\"]([^'\"]*)['\"]");

	/**
	 * Executes a GET.
	 * @throws Refusal if there is no such call or object, or a parameter is invalid
	 */
	Reply get(String path, Form query) {
		String intentId = query.get("payment_intent");
		boolean withCharge = query.expands("data.latest_charge");
		return switch (path) {
			case "/v1/payment_intents" ->
				list(path, query, Tables::intent, Tables::intents, (intent) -> intent.json(withCharge));
			case "/v1/payment_intents/search" -> search(path, query, withCharge);
			case "/v1/charges" -> list(path, query, (tables, id) -> tables.intent(id.replaceFirst("^ch_", "pi_")),
					(tables, page) -> tables.charges(intentId, page), Intent::chargeJson);
			case "/v1/refunds" ->
				list(path, query, Tables::refund, (tables, page) -> tables.refunds(intentId, page), Refund::json);
			case "/v1/events" -> list(path, query, Tables::event,
					(tables, page) -> tables.events(eventTypes(query), page, this.books.now()), Event::json);
			default -> one(path, query);
		};
	}

	private Reply one(String path, Form query) {
		int slash = path.lastIndexOf('/');
		String id = path.substring(slash + 1);
		return switch (path.substring(0, slash)) {
			case "/v1/payment_intents" ->
				Reply.ok(find(Tables::intent, id, "payment_intent", "intent").json(query.expands("latest_charge")));
			case "/v1/refunds" -> Reply.ok(find(Tables::refund, id, "refund", "id").json());
			case "/v1/events" -> Reply.ok(find(Tables::event, id, "event", "id").json());
			default -> throw Refusal.unknownUrl("GET", path);
		};
	}

	private <T> T find(BiFunction<Tables, String, @Nullable T> finder, String id, String kind, String param) {
		T found = this.books.<@Nullable T>read((tables) -> finder.apply(tables, id));
		if (found == null) {
			throw Refusal.notFound(kind, param, id);
		}
		return found;
	}

	/** An element of a list, which is sorted by creation. */
	interface Element {

		/** Its sequence number in the books. */
		long number();

		/** Seconds since 1970. */
		long created();

	}

	/** A page of a list, newest first. */
	private <T extends Element> Reply list(String path, Form query, BiFunction<Tables, String, @Nullable T> finder,
			BiFunction<Tables, Page, List<T>> reader, Function<T, ObjectNode> json) {
		int limit = Math.clamp(query.number("limit", 10), 1, 100);
		long from = Math.max(query.number("created[gte]", 0), query.number("created[gt]", -1) + 1);
		long before = Math.min(query.number("created[lt]", Long.MAX_VALUE),
				query.number("created[lte]", Long.MAX_VALUE - 1) + 1);
		String after = query.get("starting_after");
		Page page;
		if (after != null) {
			T last = find(finder, after, "object", "starting_after");
			page = new Page(from, Math.min(before, last.created() + 1), last.created(), last.number(), limit + 1);
		}
		else {
			page = new Page(from, before, Long.MAX_VALUE, Long.MAX_VALUE, limit + 1);
		}
		List<T> found = this.books.read((tables) -> reader.apply(tables, page));
		return reply("list", path, found.size() > limit, found.stream().limit(limit).map(json));
	}

	private static List<String> eventTypes(Form query) {
		String type = query.get("type");
		List<String> wanted = (type != null) ? List.of(type) : List.copyOf(query.nested("types").values());
		return wanted.isEmpty() ? Event.TYPES : Event.TYPES.stream().filter(wanted::contains).toList();
	}

	private Reply search(String path, Form query, boolean withCharge) {
		String text = query.get("query");
		Matcher matcher = ORDER_QUERY.matcher((text != null) ? text : "");
		if (!matcher.matches()) {
			throw Refusal.invalid(400, null, "query", "Only metadata['name']:'value' can be searched for.");
		}
		List<Intent> found = this.books.read((tables) -> tables.search(matcher.group(1), matcher.group(2)));
		return reply("search_result", path, false, found.stream().map((intent) -> intent.json(withCharge)));
	}

	private static Reply reply(String object, String path, boolean hasMore, Stream<ObjectNode> data) {
		return Reply.ok(JsonNodeFactory.instance.objectNode()
			.put("object", object)
			.put("url", path)
			.put("has_more", hasMore)
			.putPOJO("data", data.toList()));
	}

}
