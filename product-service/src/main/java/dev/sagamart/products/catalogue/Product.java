package dev.sagamart.products.catalogue;

import dev.sagamart.events.Money;
import dev.sagamart.events.ProductEvent;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import jakarta.persistence.Version;
import java.time.Instant;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

@Entity
@Table(name = "product")
class Product {

	@Id
	private UUID id;

	private String sku;

	private String name;

	private String description;

	private String category;

	private long priceAmount;

	private String priceCurrency;

	@Version
	private @Nullable Long version;

	@SuppressWarnings("UnusedVariable")
	private Instant createdAt;

	@SuppressWarnings("UnusedVariable")
	private Instant updatedAt;

	private @Nullable Instant discontinuedAt;

	Product() {
	}

	@SuppressWarnings("NullAway.Init")
	Product(UUID id, ProductDetails details, Instant now) {
		this.id = id;
		this.createdAt = now;
		change(details, now);
	}

	/** Returns whether anything changed. */
	boolean change(ProductDetails details, Instant now) {
		if (details.equals(details())) {
			return false;
		}
		this.sku = details.sku();
		this.name = details.name();
		this.description = details.description();
		this.category = details.category();
		this.priceAmount = details.price().amount();
		this.priceCurrency = details.price().currency();
		this.updatedAt = now;
		return true;
	}

	/** Puts the product on sale again. Returns {@code false} if it is active already. */
	boolean restore(Instant now) {
		if (this.discontinuedAt == null) {
			return false;
		}
		this.discontinuedAt = null;
		this.updatedAt = now;
		return true;
	}

	/** Ends the sale of the product. Another product may use its SKU then. */
	void discontinue(Instant now) {
		this.discontinuedAt = now;
		this.updatedAt = now;
	}

	/** The event for the last change, which must be flushed because of the version. */
	ProductEvent toEvent() {
		return (this.discontinuedAt != null) ? new ProductEvent.ProductDiscontinued(this.id, version())
				: new ProductEvent.ProductChanged(this.id, this.sku, this.name,
						new Money(this.priceAmount, this.priceCurrency), version());
	}

	UUID id() {
		return this.id;
	}

	long version() {
		return Objects.requireNonNull(this.version);
	}

	private @Nullable ProductDetails details() {
		return (this.version != null) ? new ProductDetails(this.sku, this.name, this.description, this.category,
				new Money(this.priceAmount, this.priceCurrency)) : null;
	}

}
