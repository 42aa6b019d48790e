package dev.sagamart.gateway.problem;

import tools.jackson.databind.json.JsonMapper;

/** Problem details (RFC 9457) as the contract has them. */
record ProblemDocument(String type, String title, int status, String detail, String instance, String code,
		String correlationId) {

	private static final JsonMapper JSON = JsonMapper.builder().build();

	static ProblemDocument of(Problem problem, String instance, String correlationId) {
		return new ProblemDocument("about:blank", problem.status().getReasonPhrase(), problem.status().value(),
				problem.detail(), instance, problem.name(), correlationId);
	}

	byte[] toJson() {
		return JSON.writeValueAsBytes(this);
	}

}
