package dev.sagamart.products.stock.web;

import dev.sagamart.platform.openapi.Answers;
import dev.sagamart.platform.problem.FieldProblem;
import dev.sagamart.platform.problem.ProblemException;
import dev.sagamart.platform.security.Caller;
import dev.sagamart.products.stock.Stock.Adjustment;
import dev.sagamart.products.stock.Stock;
import dev.sagamart.products.stock.StockLevel;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import java.time.Instant;
import java.util.UUID;
import org.hibernate.validator.constraints.CodePointLength;
import org.springframework.http.HttpStatus;
import org.springframework.security.access.annotation.Secured;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** Also for discontinued products, because customers may still return them. */
@RestController
@RequestMapping("/api/v1/products/{id}")
@Secured("ROLE_ADMIN")
class StockController {

	private final Stock stock;

	StockController(Stock stock) {
		this.stock = stock;
	}

	@GetMapping("/stock")
	StockResponse level(@PathVariable UUID id) {
		return this.stock.levelOf(id).map(StockResponse::from).orElseThrow(() -> unknown(id));
	}

	@PostMapping("/stock-adjustments")
	@ResponseStatus(HttpStatus.CREATED)
	@Answers(409)
	AdjustmentResponse adjust(@PathVariable UUID id, @Valid @RequestBody AdjustmentRequest request, Caller caller) {
		if (request.delta() == 0) {
			throw ProblemException.invalid(new FieldProblem("delta", "must not be 0"));
		}
		return switch (this.stock.adjust(id, request.delta(), request.reason(), caller.userId())) {
			case Adjustment.Done done -> new AdjustmentResponse(done.id(), id, request.delta(), request.reason(),
					done.at(), StockResponse.from(done.level()));
			case Adjustment.Refused refused -> throw ProblemException.conflict("STOCK_WOULD_BE_NEGATIVE",
					"The adjustment exceeds the available stock of " + refused.level().available() + ".");
			case Adjustment.UnknownProduct _ -> throw unknown(id);
		};
	}

	private static ProblemException unknown(UUID id) {
		return ProblemException.notFound("There is no product " + id + ".");
	}

	record StockResponse(long onHand, long reserved, long available, long sold) {

		static StockResponse from(StockLevel level) {
			return new StockResponse(level.onHand(), level.reserved(), level.available(), level.sold());
		}

	}

	/**
	 * @param delta the number of added units; negative for removed ones
	 */
	record AdjustmentRequest(@NotNull @Min(-1_000_000) @Max(1_000_000) Long delta,
			@NotBlank @CodePointLength(max = 200) String reason) {
	}

	record AdjustmentResponse(UUID id, UUID productId, long delta, String reason, Instant at, StockResponse stock) {
	}

}
