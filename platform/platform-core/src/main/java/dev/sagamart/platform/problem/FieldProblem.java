package dev.sagamart.platform.problem;

/** A field of the request and what is wrong with it. */
public record FieldProblem(String field, String message) {
}
