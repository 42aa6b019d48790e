package dev.sagamart.platform.problem;

/** A field of the request and the reason why it is invalid. */
public record FieldProblem(String field, String message) {
}
