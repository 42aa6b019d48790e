package dev.sagamart.products.catalogue.web;

import dev.sagamart.products.catalogue.CatalogueProduct;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.springframework.web.util.HtmlUtils;

/**
 * Draws the name of a product as SVG, on a background whose colours depend on its SKU.
 */
final class ProductPicture {

	private static final Pattern SPACE = Pattern.compile("\\s+");

	private static final int WIDTH = 14;

	private static final int MAX_LINES = 4;

	private static final int REPLACEMENT = 0xfffd;

	private ProductPicture() {
	}

	static String of(CatalogueProduct product) {
		int hash = product.sku().hashCode();
		int hue = Math.floorMod(hash, 360);
		int shape = Math.floorMod(hash / 360, 160);
		StringBuilder text = new StringBuilder();
		List<String> lines = wrapped(product.name());
		int y = 210 - 22 * lines.size();
		for (String line : lines) {
			y += 44;
			text.append("<text x=\"200\" y=\"%d\">%s</text>".formatted(y, escaped(line)));
		}
		return """
				<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 400 400" role="img" aria-label="%s">\
				<defs><linearGradient id="g" x1="0" y1="0" x2="1" y2="1"><stop stop-color="hsl(%d 60%% 42%%)"/>\
				<stop offset="1" stop-color="hsl(%d 65%% 24%%)"/></linearGradient></defs>\
				<rect width="400" height="400" fill="url(#g)"/>\
				<circle cx="%d" cy="%d" r="%d" fill="#fff" fill-opacity=".12"/>\
				<circle cx="%d" cy="%d" r="%d" fill="#fff" fill-opacity=".08"/>\
				<g fill="#fff" font-family="Georgia,serif" font-size="38" text-anchor="middle">%s</g>\
				<text x="200" y="370" fill="#fff" fill-opacity=".75" font-family="sans-serif" font-size="18" \
				text-anchor="middle" letter-spacing="4">%s</text></svg>
				""".formatted(escaped(product.name()), hue, (hue + 40) % 360, 60 + shape, 90 + shape / 2, 60 + shape,
				360 - shape, 330 - shape / 2, 40 + shape / 2, text, escaped(product.category()));
	}

	private static List<String> wrapped(String name) {
		List<String> lines = new ArrayList<>();
		StringBuilder line = new StringBuilder();
		for (String word : SPACE.splitAsStream(name.strip()).flatMap(ProductPicture::pieces).toList()) {
			if (!line.isEmpty() && line.length() + word.length() >= WIDTH) {
				lines.add(line.toString());
				line.setLength(0);
			}
			line.append(line.isEmpty() ? "" : " ").append(word);
		}
		lines.add(line.toString());
		if (lines.size() <= MAX_LINES) {
			return lines;
		}
		List<String> shown = new ArrayList<>(lines.subList(0, MAX_LINES));
		shown.set(MAX_LINES - 1, shown.getLast() + " …");
		return shown;
	}

	/** Splits a word that is longer than a line. */
	private static Stream<String> pieces(String word) {
		int[] points = word.codePoints().toArray();
		return IntStream.iterate(0, (start) -> start == 0 || start < points.length, (start) -> start + WIDTH)
			.mapToObj((start) -> new String(points, start, Math.min(WIDTH, points.length - start)));
	}

	private static String escaped(String text) {
		String allowed = text.codePoints()
			.map((point) -> isXml(point) ? point : REPLACEMENT)
			.collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
			.toString();
		return HtmlUtils.htmlEscapeDecimal(allowed);
	}

	/** Whether XML allows the character at all; others cannot even be escaped. */
	private static boolean isXml(int point) {
		return point == '\t' || point == '\n' || point == '\r' || (point >= ' ' && point < Character.MIN_SURROGATE)
				|| (point > Character.MAX_SURROGATE && point < 0xfffe) || point > 0xffff;
	}

}
