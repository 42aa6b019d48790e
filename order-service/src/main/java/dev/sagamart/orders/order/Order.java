package dev.sagamart.orders.order;

import com.fasterxml.uuid.Generators;
import com.fasterxml.uuid.impl.TimeBasedEpochGenerator;
import dev.sagamart.events.FailureCode;
import dev.sagamart.events.Money;
import dev.sagamart.events.OrderLine;
import dev.sagamart.platform.encryption.PersonalData;
import jakarta.persistence.Column;
import jakarta.persistence.Embedded;
import jakarta.persistence.Entity;
import jakarta.persistence.EntityListeners;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.PostLoad;
import jakarta.persistence.Table;
import jakarta.persistence.Transient;
import jakarta.persistence.Version;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.hibernate.annotations.Formula;
import org.hibernate.annotations.JdbcTypeCode;
import org.hibernate.type.SqlTypes;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/**
 * An order at the prices that were quoted when it was accepted, and the state of its
 * saga. One row holds both, since they are changed and locked together.
 */
@Entity
@Table(name = "orders")
@EntityListeners(Order.Decryption.class)
public class Order {

	private static final JsonMapper JSON = JsonMapper.shared();

	private static final TypeReference<List<Line>> LINES = new TypeReference<>() {
	};

	private static final TimeBasedEpochGenerator IDS = Generators.timeBasedEpochGenerator();

	@Id
	private UUID id;

	@Column(updatable = false)
	private UUID userId;

	@Column(updatable = false)
	@JdbcTypeCode(SqlTypes.JSON)
	private String lines;

	/** The sum of the quantities. */
	@SuppressWarnings("UnusedVariable")
	@Column(updatable = false)
	private int units;

	@Column(updatable = false)
	private long totalAmount;

	@Column(updatable = false)
	@JdbcTypeCode(SqlTypes.CHAR)
	private String currency;

	@Embedded
	private StoredAddress storedAddress;

	@Column(updatable = false)
	private String paymentMethod;

	@Enumerated(EnumType.STRING)
	private OrderState state;

	@Enumerated(EnumType.STRING)
	private @Nullable FailureCode failureCode;

	private @Nullable String failureMessage;

	private int attempts;

	@SuppressWarnings("UnusedVariable")
	private @Nullable Instant deadline;

	private int steps;

	private int events;

	@Column(updatable = false)
	private Instant createdAt;

	private Instant updatedAt;

	@Version
	private @Nullable Integer version;

	/**
	 * When this row was read, by the clock of the database. The clocks of instances may
	 * differ, so deadlines are set and compared by that clock only.
	 */
	@Formula("clock_timestamp()")
	private Instant now;

	@Transient
	private PersonalData personalData;

	/** Decrypted, if anybody has asked for it. */
	@Transient
	private @Nullable Address address;

	protected Order() {
	}

	/**
	 * Makes a new order of at least one line.
	 * @param now by the clock of the database
	 * @throws ArithmeticException if the total is more than can be counted
	 * @throws IllegalArgumentException if the lines are of more than one currency
	 */
	public Order(UUID userId, List<Line> lines, Address shippingAddress, String paymentMethod, OrderState first,
			Instant now, PersonalData personalData) {
		Money total = totalOf(lines);
		this.id = IDS.generate();
		this.userId = userId;
		this.lines = JSON.writeValueAsString(lines);
		this.units = lines.stream().mapToInt(Line::quantity).sum();
		this.totalAmount = total.amount();
		this.currency = total.currency();
		this.address = shippingAddress;
		this.storedAddress = new StoredAddress(shippingAddress, this.id, personalData);
		this.personalData = personalData;
		this.paymentMethod = paymentMethod;
		this.state = first;
		this.createdAt = now;
		this.updatedAt = now;
		this.now = now;
	}

	/**
	 * What lines cost together.
	 * @throws ArithmeticException if that is more than can be counted
	 * @throws IllegalArgumentException if they are of more than one currency
	 */
	public static Money totalOf(List<Line> lines) {
		return lines.stream().map(Line::total).reduce(Money::plus).orElseThrow();
	}

	/** Changes the state, or begins another attempt in the same state. */
	public void moveTo(OrderState next) {
		this.attempts = (next == this.state) ? this.attempts + 1 : 1;
		this.state = next;
	}

	/** Sets the deadline of the state; {@code null} for none. */
	public void setTimeLimit(@Nullable Duration duration) {
		this.deadline = (duration != null) ? this.now.plus(duration) : null;
	}

	/** Records why the order fails. Only the first reason is kept. */
	public void fail(Failure reason) {
		if (this.failureCode == null) {
			this.failureCode = reason.code();
			this.failureMessage = reason.message();
		}
	}

	/** The number of the order's next journal entry, from 1 and without a gap. */
	public int nextStep() {
		this.updatedAt = this.now;
		return ++this.steps;
	}

	/** The number of the order's next event, from 1 and without a gap. */
	public int nextEvent() {
		return ++this.events;
	}

	public UUID id() {
		return this.id;
	}

	public UUID userId() {
		return this.userId;
	}

	/**
	 * Parsed at each call: most steps of the saga need neither the lines nor the address.
	 */
	public List<Line> lines() {
		return JSON.readValue(this.lines, LINES);
	}

	public Money total() {
		return new Money(this.totalAmount, this.currency);
	}

	public Address shippingAddress() {
		if (this.address == null) {
			this.address = this.storedAddress.read(this.id, this.personalData);
		}
		return this.address;
	}

	public String paymentMethod() {
		return this.paymentMethod;
	}

	public OrderState state() {
		return this.state;
	}

	public OrderStatus status() {
		return this.state.status();
	}

	/** Why the order fails; known from the beginning of its compensation. */
	public @Nullable Failure failure() {
		return (this.failureCode != null)
				? new Failure(this.failureCode, Objects.requireNonNullElse(this.failureMessage, "")) : null;
	}

	/** How often the current state's command has been sent. */
	public int attempts() {
		return this.attempts;
	}

	/** The time from the acceptance of the order until it was read. */
	public Duration age() {
		return Duration.between(this.createdAt, this.now);
	}

	public Instant createdAt() {
		return this.createdAt;
	}

	public Instant updatedAt() {
		return this.updatedAt;
	}

	/** Gives each order that is loaded what it decrypts with. */
	record Decryption(PersonalData personalData) {

		@PostLoad
		void enable(Order order) {
			order.personalData = this.personalData;
		}

	}

	/** A product with its name and price when the order was accepted. */
	public record Line(UUID productId, String name, Money unitPrice, int quantity) {

		public Money total() {
			return this.unitPrice.times(this.quantity);
		}

		public OrderLine toMessage() {
			return new OrderLine(this.productId, this.quantity, this.unitPrice);
		}

	}

}
