package dev.sagamart.kubernetes;

/** That one party talks to another at a port. */
record Flow(String from, String to, String port) {

	@Override
	public String toString() {
		return this.from + " → " + this.to + " " + this.port;
	}

}
